"""What a guardrail is, and how large one may be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUNDARY: Final = "hardened-eks-boundary"
"""Default name of the permissions boundary."""


class Kind(StrEnum):
    """The type of a policy."""

    SCP = "scp"
    """Service control policy: what principals of member accounts may do."""
    RCP = "rcp"
    """Resource control policy: what may be done to resources of member accounts, by anyone."""
    BOUNDARY = "boundary"
    """Permissions boundary: what one role may do at most."""

    @property
    def organizations_type(self) -> str:
        """The name of AWS Organizations, empty for a boundary."""
        return _ORGANIZATIONS.get(self, "")


_ORGANIZATIONS: Final[Mapping[Kind, str]] = {
    Kind.SCP: "SERVICE_CONTROL_POLICY",
    Kind.RCP: "RESOURCE_CONTROL_POLICY",
}

LIMITS: Final[Mapping[Kind, int]] = {Kind.SCP: 10_240, Kind.RCP: 5_120, Kind.BOUNDARY: 6_144}
"""The most characters of a policy. Read in November 2026: service control policies have 10,240 since 2026-05-15
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html), managed policies 6,144 without
white space (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). CloudFormation checks none of
these before it deploys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One policy."""

    name: str
    """Name in AWS."""
    kind: Kind
    """Type of the policy."""
    title: str
    """What it refuses, in one line."""
    statements: tuple[Mapping[str, Any], ...]
    """Its statements, each with an Effect and a Sid."""

    @property
    def content(self) -> dict[str, Any]:
        """The policy document."""
        return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in self.statements]}

    @property
    def text(self) -> str:
        """The policy document as JSON without white space, as the limits count it."""
        return json.dumps(self.content, separators=(",", ":"))

    def size_problems(self) -> tuple[str, ...]:
        """Say that the policy is too large, and what to shorten."""
        size, limit = len(self.text), LIMITS[self.kind]
        if size <= limit:
            return ()
        return (
            (
                f"{self.name} has {size} characters, but a policy of type {self.kind} can have at "
                "most {limit}: list fewer roles, accounts or log groups, or cover several with one pattern"
            ),
        )
