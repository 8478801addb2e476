"""Evaluation of waivers: the control of each, the findings it suppresses, and the state of the waiver itself.

A waiver that has expired, or that waives nothing, is a finding.
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
    """The state of a waiver in one evaluation."""

    ACTIVE = "active"
    """It suppresses at least one finding."""
    EXPIRING = "expiring"
    """It suppresses at least one finding and expires within 30 days: a warning."""
    EXPIRED = "expired"
    """Its last day has passed: it suppresses nothing and is a finding."""
    UNMATCHED = "unmatched"
    """No finding matches it: a finding."""


@dataclass(frozen=True, slots=True)
class WaiverState:
    """A waiver after an evaluation."""

    waiver: Waiver
    status: WaiverStatus
    lifted: int
    """The number of findings that it suppressed, or would have suppressed if it had not expired."""


def resolve(waivers: Iterable[Waiver], known: Sequence[Control]) -> tuple[tuple[Waiver, ...], list[InputProblem]]:
    """Return the waivers with the IDs of their controls, and a problem for each unknown control.

    A waiver for a control of the team that is not in `known` is omitted, because the control is not evaluated either.
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
    """Counts the findings that each waiver suppresses in one evaluation."""

    waivers: tuple[Waiver, ...]
    """The waivers, with resolved control IDs."""
    today: date
    counts: dict[Waiver, int] = field(default_factory=dict)
    _by_control: dict[str, list[Waiver]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for waiver in self.waivers:
            self.counts[waiver] = 0
            self._by_control.setdefault(waiver.control, []).append(waiver)

    def lift(self, control: Control, subject: Subject) -> Waiver | None:
        """Return the valid waiver that suppresses a finding of `control` on `subject`, preferring the longest-lived."""
        covering = [w for w in self._by_control.get(control.id, ()) if w.covers(subject)]
        for waiver in covering:
            self.counts[waiver] += 1
        in_force = [w for w in covering if not w.expired(self.today)]
        return max(in_force, key=lambda w: w.until, default=None)

    def states(self, judged: frozenset[str]) -> tuple[WaiverState, ...]:
        """Return the state of each waiver for the controls with IDs in `judged`; other waivers were not tried."""
        return tuple(WaiverState(w, self._status(w), self.counts[w]) for w in self.waivers if w.control in judged)

    def _status(self, waiver: Waiver) -> WaiverStatus:
        if waiver.expired(self.today):
            return WaiverStatus.EXPIRED
        if not self.counts[waiver]:
            return WaiverStatus.UNMATCHED
        return WaiverStatus.EXPIRING if waiver.expiring(self.today) else WaiverStatus.ACTIVE


def _nothing(_resource: Resource, _assembly: Assembly) -> Iterator[Problem]:
    """An empty check: the ledger, which knows the date, evaluates these controls."""
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
    "Every waiver is valid",
    Severity.HIGH,
    why="The risk was accepted until a date that has passed, so it is no longer accepted.",
    fix="Fix the waived findings and remove the waiver, or have the risk accepted again with a new date and reason.",
)
UNMATCHED: Final = _about_waivers(
    "WV-02",
    "waiver_unmatched",
    "Every waiver suppresses a finding",
    Severity.LOW,
    why="A waiver that suppresses nothing has a mistake in its scope, or may hide a later problem.",
    fix="Correct its scope, or remove the waiver if its finding no longer exists.",
)
EXPIRING: Final = _about_waivers(
    "WV-03",
    "waiver_expiring",
    "No waiver expires within 30 days",
    Severity.LOW,
    why="From the day after its date, the findings that it suppresses fail the check.",
    fix="Fix the waived findings, or have the risk accepted again with a new date and reason.",
)
WAIVER_CONTROLS: Final = (EXPIRED, UNMATCHED, EXPIRING)


def judge(state: WaiverState, today: date) -> tuple[Control, Problem] | None:
    """Return the problem of a waiver, or None for a valid one."""
    waiver = state.waiver
    if state.status is WaiverStatus.EXPIRED:
        findings = "1 finding counts" if state.lifted == 1 else f"{state.lifted} findings count"
        rest = f", {findings} again" if state.lifted else ", and nothing matches it"
        return EXPIRED, Problem(f"the waiver expired on {waiver.until.isoformat()}{rest}")
    if state.status is WaiverStatus.UNMATCHED:
        return UNMATCHED, Problem(f"nothing in scope {waiver.scope!r} fails {waiver.control}")
    if state.status is WaiverStatus.EXPIRING:
        days = (waiver.until - today).days
        when = "today" if days == 0 else f"in {days} day{'s' if days > 1 else ''}"
        return EXPIRING, Problem(f"the waiver expires {when}, on {waiver.until.isoformat()}")
    return None
