"""Waivers at work: which control each names, what it suppresses, and how it is itself evaluated.

One that has expired, or that waives nothing, is a finding.
"""

from __future__ import annotations

import dataclasses
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.controls.model import Control, Family, Problem, Severity
from hardened_eks.errors import InputProblem
from hardened_eks.evidence.waiver import Waiver
from hardened_eks.judging.selection import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from hardened_eks.evidence import Assembly, Resource, Subject

__all__ = ["EXPIRED", "EXPIRING", "UNMATCHED", "WAIVER_CONTROLS", "Ledger", "Waiver", "WaiverState", "WaiverStatus",
           "judge", "resolve"]  # fmt: skip

_SOURCE: Final = "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final"  # CA-5, plan of action and milestones


class WaiverStatus(StrEnum):
    """What became of a waiver in one evaluation."""

    ACTIVE = "active"
    """It suppresses at least one finding."""
    EXPIRING = "expiring"
    """It suppresses at least one finding, for 30 days or less from now: a warning."""
    EXPIRED = "expired"
    """Its last day has passed: it suppresses nothing and is a finding."""
    UNMATCHED = "unmatched"
    """There is nothing for it to suppress: a finding."""


@dataclass(frozen=True, slots=True)
class WaiverState:
    """A waiver after an evaluation."""

    waiver: Waiver
    status: WaiverStatus
    lifted: int
    """How many findings it suppressed, or would suppress had it not expired."""


def resolve(waivers: Iterable[Waiver], known: Sequence[Control]) -> tuple[tuple[Waiver, ...], list[InputProblem]]:
    """Return the waivers with the ids of the controls that they name, and a problem for each unknown control.

    A waiver of a team's own control that is not among `known` is left out: the control is not evaluated here either.
    """
    known = tuple(dict.fromkeys(known))
    found: list[Waiver] = []
    problems: list[InputProblem] = []
    for waiver in waivers:
        control = find(waiver.control, known)
        if isinstance(control, Control):
            found.append(dataclasses.replace(waiver, control=control.id))
        elif not waiver.own:
            problems.append(InputProblem(waiver.file or f"the waiver of {waiver.scope}", control, waiver.line))
    return tuple(found), problems


@dataclass(slots=True)
class Ledger:
    """Counts, in one evaluation, what each waiver suppresses."""

    waivers: tuple[Waiver, ...]
    """Resolved."""
    today: date
    counts: dict[Waiver, int] = field(default_factory=dict)
    _by_control: dict[str, list[Waiver]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for waiver in self.waivers:
            self.counts[waiver] = 0
            self._by_control.setdefault(waiver.control, []).append(waiver)

    def lift(self, control: Control, subject: Subject) -> Waiver | None:
        """Return the waiver in force that suppresses a finding of `control` on `subject`, the longest-lived first."""
        covering = [w for w in self._by_control.get(control.id, ()) if w.covers(subject)]
        for waiver in covering:
            self.counts[waiver] += 1
        in_force = [w for w in covering if not w.expired(self.today)]
        return max(in_force, key=lambda w: w.until, default=None)

    def states(self, judged: frozenset[str]) -> tuple[WaiverState, ...]:
        """Return what became of each waiver of the controls with ids in `judged`; the others had no chance."""
        return tuple(WaiverState(w, self._status(w), self.counts[w]) for w in self.waivers if w.control in judged)

    def _status(self, waiver: Waiver) -> WaiverStatus:
        if waiver.expired(self.today):
            return WaiverStatus.EXPIRED
        if not self.counts[waiver]:
            return WaiverStatus.UNMATCHED
        return WaiverStatus.EXPIRING if waiver.expiring(self.today) else WaiverStatus.ACTIVE


def _nothing(_resource: Resource, _assembly: Assembly) -> Iterator[Problem]:
    """Replace a check: the ledger, which knows the date, evaluates these controls."""
    return iter(())


def _about_waivers(id: str, name: str, title: str, severity: Severity, *, why: str, fix: str) -> Control:
    return Control(
        id=id,
        name=name,
        title=title,
        types=(),
        severity=severity,
        why=why,
        fix=fix,
        source=_SOURCE,
        blind="",
        requirements=(),
        family=Family.HARDENING,
        detective="It evaluates waivers, not resources.",
        enforced_by="",
        area="waivers",
        needs="assembly",
        evidence="any",
        absence="",
        unread="",
        check=_nothing,
    )


EXPIRED: Final = _about_waivers(
    "WV-01",
    "waiver_expired",
    "Every waiver is in force",
    Severity.HIGH,
    why="A risk was accepted up to a day, and that day has passed: nobody accepts it any more.",
    fix="Fix what it waives and remove it, or have the risk accepted again with a new date and reason.",
)
UNMATCHED: Final = _about_waivers(
    "WV-02",
    "waiver_unmatched",
    "Every waiver suppresses a finding",
    Severity.LOW,
    why="A waiver that suppresses nothing is a mistake in its scope, or an open door for a later change.",
    fix="Correct its scope, or remove it: the finding is gone.",
)
EXPIRING: Final = _about_waivers(
    "WV-03",
    "waiver_expiring",
    "No waiver expires within 30 days",
    Severity.LOW,
    why="From the day after its date, the findings it suppresses fail the check.",
    fix="Fix what it waives, or have the risk accepted again with a new date and reason.",
)
WAIVER_CONTROLS: Final = (EXPIRED, UNMATCHED, EXPIRING)


def judge(state: WaiverState, today: date) -> tuple[Control, Problem] | None:
    """Return what is wrong with a waiver; None for one in force."""
    waiver = state.waiver
    if state.status is WaiverStatus.EXPIRED:
        findings = "1 finding counts" if state.lifted == 1 else f"{state.lifted} findings count"
        rest = f", {findings} again" if state.lifted else ", and it matches nothing"
        return EXPIRED, Problem(f"the waiver expired on {waiver.until.isoformat()}{rest}")
    if state.status is WaiverStatus.UNMATCHED:
        return UNMATCHED, Problem(f"nothing in scope {waiver.scope!r} fails {waiver.control}")
    if state.status is WaiverStatus.EXPIRING:
        days = (waiver.until - today).days
        when = "today" if days == 0 else f"in {days} day{'s' if days > 1 else ''}"
        return EXPIRING, Problem(f"the waiver expires {when}, on {waiver.until.isoformat()}")
    return None
