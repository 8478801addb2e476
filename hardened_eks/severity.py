"""The severity of a failed control or of an alert."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """The severity, with the names of Security Hub."""

    CRITICAL = "critical"
    """To be fixed immediately."""
    HIGH = "high"
    """To be fixed with priority."""
    MEDIUM = "medium"
    """To be fixed, without urgency."""
    LOW = "low"
    """An improvement that may wait."""

    @property
    def rank(self) -> int:
        """Rank for sorting, worst first: 0 for critical, up to 3 for low."""
        return tuple(Severity).index(self)
