"""Acknowledge findings of other rule packs beside the resource they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on `construct` and what is below it.

    Args:
        construct: the resource the findings are about.
        reasons: the prefixed id that the report prints (``AwsSolutions::AwsSolutions-IAM4[Policy::...]``; the bare id
            would silence without a trace) to the reason a reviewer would accept.
    """
    validations = cdk.Validations.of(construct)
    validations.acknowledge(*(cdk.Acknowledgment(id=id_, reason=reason) for id_, reason in reasons.items()))
