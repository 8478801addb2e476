"""IAM actions that support only the resource ``*``; read on first use.

The source is in ``actions.json``, which ``tools/actions.py`` writes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hardened_eks.data import _files


def _document() -> dict[str, Any]:
    document: dict[str, Any] = _files.document("actions.json")
    return document


@cache
def without_resources(action: str) -> bool:
    """Return whether an action, or every action of a pattern, can be allowed only for ``*``.

    Args:
        action: an action or pattern as in a policy, in any case: ``secretsmanager:ListSecrets``, ``pricing:*``. A
            pattern counts if a known pattern covers all its actions, such as ``autoscaling:DescribeAuto*``.
    """
    service, _, name = action.lower().partition(":")
    return bool(name) and any(_covers(known, name) for known in _patterns(service))


@cache
def _patterns(service: str) -> tuple[str, ...]:
    return tuple(pattern.lower() for pattern in _document()["without_resources"].get(service, ()))


def _covers(known: str, name: str) -> bool:
    return name.startswith(known[:-1]) if known.endswith("*") else name == known


@cache
def creates_unnamed(action: str) -> bool:
    """Return whether an action only creates a resource whose ID AWS assigns: ``ec2:CreateVpnGateway``.

    Args:
        action: an action as in a policy, in any case; patterns do not count.
    """
    return action.lower() in {name.lower() for name in _document()["creates"]}


def source() -> str:
    """Return the source of the data, and the date it was read."""
    return f"{_document()['source']}, read {_document()['read']}"
