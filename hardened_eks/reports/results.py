"""The result of each check of a report, in one word and with its findings."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hardened_eks.reports.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry, Report


class Result(StrEnum):
    """The result of one check, or of all checks of one framework control. The worst comes first."""

    FAIL = "fail"
    NOT_SEEN = "not-seen"
    """The deciding values are not in the input: the check neither failed nor passed."""
    WAIVED = "waived"
    PASS = "pass"  # noqa: S105 - no password
    NOT_EXAMINED = "not-examined"
    """There was nothing to evaluate."""


class Results:
    """The results of a report by check."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._entries: dict[Control, list[Entry]] = {}
        for entry in (*report.entries, *report.unseen):
            self._entries.setdefault(entry.control, []).append(entry)

    def of(self, check: Control) -> Result:
        """Return the result of a check. If whole clusters are hidden from the checks, no check passes."""
        states = {entry.state for entry in self.entries(check)}
        if states & {State.FAIL, State.WARNING}:
            return Result.FAIL
        if State.UNSEEN in states or self._report.hides_eks or self._report.unread:
            return Result.NOT_SEEN
        if State.WAIVED in states:
            return Result.WAIVED
        return Result.PASS if self._report.outcome.examined.get(check) else Result.NOT_EXAMINED

    def entries(self, check: Control) -> Sequence[Entry]:
        """Return the findings of a check, including those not seen or suppressed by waivers."""
        return self._entries.get(check, ())


def worst(results: Iterable[Result]) -> Result:
    """Return the worst of one or more results."""
    return min(results, key=list(Result).index)
