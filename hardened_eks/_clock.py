"""The current day, read in one place, so that tests and generated pages can use a fixed day."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """Return the current day in UTC. Call it as ``_clock.today()``, because tests replace it in this module."""
    return datetime.now(UTC).date()
