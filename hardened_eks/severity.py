"""How bad something is: a failed control, or an event that somebody has to hear of."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad it is, in the words of Security Hub."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical, up to 3 for low: for sorting, worst first."""
        return tuple(Severity).index(self)
