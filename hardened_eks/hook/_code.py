"""The code of the hook's function: the whole catalog, and the readers of templates."""

from typing import Final

from hardened_eks._code import Code
from hardened_eks._modules import at, below

_FRAMEWORKS: Final = "hardened_eks.controls.frameworks"
CODE: Final = Code(
    "hardened_eks.hook.function.main",
    # Only needed for the standards of the user's own controls.
    without=frozenset({_FRAMEWORKS}),
    whole=tuple(area for area in below("hardened_eks.controls") if at(area).is_dir() and area != _FRAMEWORKS),
    libraries=("pyyaml",),
    compressed=True,
)
