"""How each check of a report went: one word, and what it found."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hardened_eks.reports.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry, Report


class Result(StrEnum):
    """How one check, or all checks of one control of a framework, went. Worst first."""

    FAIL = "fail"
    NOT_SEEN = "not-seen"
    """What decides is not in the input: it did not fail, and it does not pass."""
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - no password
    NOT_EXAMINED = "not-examined"
    """There was nothing to evaluate."""


class Results:
    """A report by its checks."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._entries: dict[Control, list[Entry]] = {}
        for entry in (*report.entries, *report.unseen):
            self._entries.setdefault(entry.control, []).append(entry)

    def of(self, check: Control) -> Result:
        """Return how a check went. Where whole clusters are hidden from the checks, nothing passes."""
        states = {entry.state for entry in self.entries(check)}
        if states & {State.FAIL, State.WARNING}:
            return Result.FAIL
        if State.UNSEEN in states or self._report.hides_eks or self._report.unread:
            return Result.NOT_SEEN
        if State.WAIVED in states:
            return Result.WAIVED
        return Result.PASS if self._report.outcome.examined.get(check) else Result.NOT_EXAMINED

    def entries(self, check: Control) -> Sequence[Entry]:
        """Return what a check found, could not see, or had suppressed by waivers."""
        return self._entries.get(check, ())


def worst(results: Iterable[Result]) -> Result:
    """Return the worst of one or more results."""
    return min(results, key=list(Result).index)
