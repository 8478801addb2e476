"""The code of the Config rules' function."""

from typing import Final

from hardened_eks._code import Code

CODE: Final = Code(
    "hardened_eks.config_rules.handler",
    # Only needed to check the user's own controls, and to compare them with those of the library.
    without=frozenset({"hardened_eks.controls", "hardened_eks.controls._mistakes", "hardened_eks.controls.frameworks"}),
)
