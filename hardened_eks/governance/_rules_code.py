"""The code of the Config rules' function."""

from typing import Final

from hardened_eks._code import Code

CODE: Final = Code(
    "hardened_eks.config_rules.handler",
    # Only needed to compare the user's own controls with those of the library.
    without=frozenset({"hardened_eks.controls", "hardened_eks.controls.frameworks"}),
)
