"""The code of the hook's function: the whole catalog, and the readers of templates."""

from typing import Final

from hardened_eks._code import Code

CODE: Final = Code(
    "hardened_eks.hook.function.main",
    # Only needed for the standards of the user's own controls.
    without=frozenset({"hardened_eks.controls.frameworks"}),
    libraries=("pyyaml",),
    compressed=True,
)
