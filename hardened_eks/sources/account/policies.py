"""A policy of IAM in parts, where it is longer than IAM takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT: Final = 6_144
"""Characters of a managed policy; IAM does not count white space."""


def in_parts(document: Mapping[str, Any], limit: int = LIMIT) -> list[dict[str, Any]]:
    """Return a policy as policies that IAM takes: itself, or as few as allow the same together.

    Args:
        document: the policy. Each of its statements has a `Sid` of its own.
        limit: characters of one, without white space.
    """
    if _size(document) <= limit:
        return [dict(document)]
    parts: list[dict[str, Any]] = [{**document, "Statement": []}]
    for statement in document["Statement"]:
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            wider = _with(parts[-1], statement, action)
            if parts[-1]["Statement"] and _size(wider) > limit:
                parts.append(_with({**document, "Statement": []}, statement, action))
            else:
                parts[-1] = wider
    return parts


def _with(document: Mapping[str, Any], statement: Mapping[str, Any], action: str) -> dict[str, Any]:
    """Return a policy with one more action of a statement."""
    before = document["Statement"]
    if before and before[-1]["Sid"] == statement["Sid"]:
        return {**document, "Statement": [*before[:-1], {**statement, "Action": [*before[-1]["Action"], action]}]}
    return {**document, "Statement": [*before, {**statement, "Action": [action]}]}


def _size(document: Mapping[str, Any]) -> int:
    return len(json.dumps(document, separators=(",", ":")))
