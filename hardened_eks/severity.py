"""The severity of a failed control or of an alert."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """The severity, with the names of Security Hub."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Rank for sorting, worst first: 0 for critical, up to 3 for low."""
        return tuple(Severity).index(self)
