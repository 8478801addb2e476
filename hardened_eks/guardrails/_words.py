"""Building blocks of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]
Conditions = Mapping[str, Mapping[str, Any]]

OWNED: Conditions = {"Null": {"aws:ResourceTag/hardened-eks:owner": "false"}}
"""The condition that the resource has the owner tag of this library (hardened_eks/_owner.py)."""


def roles(*groups: Iterable[str]) -> list[str]:
    """Return ARN patterns of roles: aws:PrincipalArn of a session is the ARN of its role, not of the session."""
    return [f"arn:*:iam::*:role/{name}" for name in dict.fromkeys(name for group in groups for name in group)]


def deny(
    sid: str,
    actions: str | Sequence[str],
    conditions: Conditions | None = None,
    *,
    but: Sequence[str] = (),
    resource: str | Sequence[str] = "*",
    not_resource: Sequence[str] = (),
) -> Statement:
    """Create a Deny statement.

    Args:
        sid: the ID of the statement.
        actions: the denied actions.
        conditions: the conditions of the statement. Default: none.
        but: ARN patterns of exempt roles. A request without aws:PrincipalArn is denied.
        resource: the resources.
        not_resource: instead, the resources that are excluded.
    """
    merged: dict[str, dict[str, Any]] = {operator: dict(keys) for operator, keys in (conditions or {}).items()}
    if but:
        merged.setdefault("ArnNotLike", {})["aws:PrincipalArn"] = list(but)
    made: dict[str, Any] = {"Sid": sid, "Effect": "Deny", "Action": actions if isinstance(actions, str) else [*actions]}
    made |= {"NotResource": [*not_resource]} if not_resource else {"Resource": resource}
    return made | ({"Condition": merged} if merged else {})
