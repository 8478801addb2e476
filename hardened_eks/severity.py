"""How bad something is: a failed control, or an event that somebody has to hear of."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How bad it is, in the words of Security Hub."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical, up to 3 for low: for sorting, worst first."""
        return _RANKS[self._name_]


_RANKS: Final = {one.name: rank for rank, one in enumerate(Severity)}
