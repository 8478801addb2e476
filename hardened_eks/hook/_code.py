"""The code of the function behind the hook: the whole catalog, and what reads templates."""

from typing import Final

from hardened_eks._code import Code
from hardened_eks._modules import at, below

_FRAMEWORKS: Final = "hardened_eks.controls.frameworks"
CODE: Final = Code(
    "hardened_eks.hook.function.main",
    # Imported for controls that are not this library's, to know what standards they answer.
    without=frozenset({_FRAMEWORKS}),
    whole=tuple(area for area in below("hardened_eks.controls") if at(area).is_dir() and area != _FRAMEWORKS),
    libraries=("pyyaml",),
    compressed=True,
)
