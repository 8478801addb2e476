"""The pieces that statements are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]
Conditions = Mapping[str, Mapping[str, Any]]

OWNED: Conditions = {"Null": {"aws:ResourceTag/hardened-eks:owner": "false"}}
"""The resource carries the owner tag that every construct of this library gives (hardened_eks/_owner.py)."""


def roles(*groups: Iterable[str]) -> list[str]:
    """Return ARN patterns of roles: aws:PrincipalArn of a session is the ARN of its role, never that of STS."""
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
    """Create a statement that refuses.

    Args:
        sid: its name.
        actions: what it refuses.
        conditions: when. Default: always.
        but: ARN patterns of roles that pass. A request without aws:PrincipalArn is refused.
        resource: on what.
        not_resource: on everything but these, instead.
    """
    merged: dict[str, dict[str, Any]] = {operator: dict(keys) for operator, keys in (conditions or {}).items()}
    if but:
        merged.setdefault("ArnNotLike", {})["aws:PrincipalArn"] = list(but)
    made: dict[str, Any] = {"Sid": sid, "Effect": "Deny", "Action": actions if isinstance(actions, str) else [*actions]}
    made |= {"NotResource": [*not_resource]} if not_resource else {"Resource": resource}
    return made | ({"Condition": merged} if merged else {})
