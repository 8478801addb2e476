"""The code of the function behind the Config rules."""

from typing import Final

from hardened_eks._code import Code

CODE: Final = Code(
    "hardened_eks.config_rules.handler",
    # Imported for controls that are not this library's, to compare them with all of its own.
    without=frozenset({"hardened_eks.controls", "hardened_eks.controls.frameworks"}),
)
