"""The severity of a failed control or of an alert."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """The severity, with the names of Security Hub."""

    CRITICAL = "critical"
    """The failure needs a fix immediately."""
    HIGH = "high"
    """The failure needs a fix with priority."""
    MEDIUM = "medium"
    """The failure needs a fix, without urgency."""
    LOW = "low"
    """The failure needs no fix on its own."""

    @property
    def rank(self) -> int:
        """Rank for sorting, worst first: 0 for critical, up to 3 for low."""
        return _RANKS[self._name_]


_RANKS: Final = {one.name: rank for rank, one in enumerate(Severity)}
