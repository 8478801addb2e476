"""The current day, asked for in one place, so that tests and generated pages can evaluate on a fixed one."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """Return the current day in UTC. Call it as ``_clock.today()``: a test replaces it here."""
    return datetime.now(UTC).date()
