"""Actions of IAM for which a policy can only say ``*``; pure, read on first use.

The source is in ``actions.json``, which ``tools/actions.py`` writes.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files("hardened_eks.data").joinpath("actions.json").read_text("utf-8"))
    return document


@cache
def without_resources(action: str) -> bool:
    """Return whether an action, or all that a pattern matches, can be allowed for ``*`` only.

    Args:
        action: as a policy writes it, in any case: ``secretsmanager:ListSecrets``, ``pricing:*``. A pattern counts
            where a known one has all that it matches: ``autoscaling:DescribeAuto*`` does.
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
    """Return whether an action acts only on what it creates, under an ID that AWS assigns: ``ec2:CreateVpnGateway``.

    Args:
        action: as a policy writes it, in any case; a pattern is none.
    """
    return action.lower() in {name.lower() for name in _document()["creates"]}


def source() -> str:
    """Return where the data comes from, and when it was read."""
    return f"{_document()['source']}, read {_document()['read']}"
