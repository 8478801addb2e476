"""Where an account differs from its templates, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from hardened_eks.judging.differences import NOTHING
from hardened_eks.judging.drift import GONE

if TYPE_CHECKING:
    from hardened_eks.judging.drift import Drift

_LONGEST: Final = 200
"""Characters of a value in a report for people; the one for programs has all of it."""


def said(drift: Drift) -> str:
    """Return in words where one property differs."""
    if drift.path == GONE:
        return "is in the template but not in the account"
    return f"{drift.path}: {_value(drift.written)} in the template, {_value(drift.live)} in the account"


def _value(value: object) -> str:
    if value is NOTHING:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
