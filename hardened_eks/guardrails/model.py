"""Guardrails as data, and their size limits."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUNDARY: Final = "hardened-eks-boundary"
"""The default name of the permissions boundary."""


class Kind(StrEnum):
    """The type of a policy."""

    SCP = "scp"
    """Service control policy: limits the permissions of principals in member accounts."""
    RCP = "rcp"
    """Resource control policy: limits access to resources of member accounts, for all principals."""
    BOUNDARY = "boundary"
    """Permissions boundary: limits the permissions of one role."""

    @property
    def organizations_type(self) -> str:
        """The policy type in AWS Organizations; empty for a boundary."""
        return _ORGANIZATIONS.get(self, "")


_ORGANIZATIONS: Final[Mapping[Kind, str]] = {
    Kind.SCP: "SERVICE_CONTROL_POLICY",
    Kind.RCP: "RESOURCE_CONTROL_POLICY",
}

LIMITS: Final[Mapping[Kind, int]] = {Kind.SCP: 10_240, Kind.RCP: 5_120, Kind.BOUNDARY: 6_144}
"""The maximum number of characters of a policy, as of November 2026: service control policies have 10,240 since
2026-05-15 (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html), managed policies
6,144 without white space (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). CloudFormation
does not check these limits before deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One policy."""

    name: str
    """The name in AWS."""
    kind: Kind
    """The type of the policy."""
    title: str
    """A one-line description of its effect."""
    statements: tuple[Mapping[str, Any], ...]
    """The statements, each with an Effect and a Sid."""

    @property
    def content(self) -> dict[str, Any]:
        """The policy document."""
        return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in self.statements]}

    @property
    def text(self) -> str:
        """The policy document as JSON without white space, as the limits count it."""
        return json.dumps(self.content, separators=(",", ":"))

    def size_problems(self) -> tuple[str, ...]:
        """Yield a message if the policy is too large, with the lists to shorten."""
        size, limit = len(self.text), LIMITS[self.kind]
        if size <= limit:
            return ()
        return (
            (
                f"{self.name} has {size} characters, but a policy of type {self.kind} can have at "
                f"most {limit}: list fewer roles, accounts or log groups, or cover several with one pattern"
            ),
        )
