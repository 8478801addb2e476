"""The code of the function behind the hook: the whole catalog, and what reads templates."""

from typing import Final

from hardened_eks._code import Code

CODE: Final = Code(
    "hardened_eks.hook.function.main",
    # Imported for controls that are not this library's, to know what standards they answer.
    without=frozenset({"hardened_eks.controls.frameworks"}),
    libraries=("pyyaml",),
    compressed=True,
)
