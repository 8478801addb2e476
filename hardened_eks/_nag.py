"""Acknowledgments of findings of other rule packs, next to their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
import jsii

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct

PACKS: Final = ("NIST.800.53.R5", "PCI.DSS.321", "HIPAA.Security")
"""The packs of standards, whose rules have the same names."""


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on `construct` and its children.

    Args:
        construct: the resource of the findings.
        reasons: reasons that a reviewer would accept, by prefixed ID from the report
            (``AwsSolutions::AwsSolutions-IAM4[Policy::...]``). The ID without the prefix would leave no trace.
    """
    # Validations.of(construct).acknowledge(...), without the type checks that Node repeats (`hardened_eks._l1`).
    validations = jsii.sinvoke(cdk.Validations, "of", [construct])
    jsii.invoke(validations, "acknowledge", [{"id": id_, "reason": reason} for id_, reason in reasons.items()])
