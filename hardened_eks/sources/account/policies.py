"""An IAM policy in parts, if it exceeds the limit of IAM."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT: Final = 6_144
"""The largest size of a managed policy in characters, without white space."""


def in_parts(document: Mapping[str, Any], limit: int = LIMIT) -> list[dict[str, Any]]:
    """Return policies within the limit that together allow the same: the policy itself if it fits.

    Args:
        document: the policy. Each of its statements has its own `Sid`.
        limit: the largest size of one policy in characters, without white space.
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
