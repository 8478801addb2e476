"""Differences between an account and its templates, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from hardened_eks.judging.differences import NOTHING
from hardened_eks.judging.drift import GONE

if TYPE_CHECKING:
    from hardened_eks.judging.drift import Drift

_LONGEST: Final = 200
"""The maximum number of characters of a value in a report for people; JSON contains the whole value."""


def said(drift: Drift) -> str:
    """Return the difference of one property in words."""
    if drift.path == GONE:
        return "is in the template but not in the account"
    return f"{drift.path}: {_value(drift.written)} in the template, {_value(drift.live)} in the account"


def _value(value: object) -> str:
    if value is NOTHING:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
