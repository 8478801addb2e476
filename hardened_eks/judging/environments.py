"""Evaluate several accounts and Regions separately, because names have a different meaning in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks import _clock
from hardened_eks.controls.model import Severity
from hardened_eks.evidence import Assembly
from hardened_eks.judging.evaluation import Finding, Outcome, evaluate
from hardened_eks.judging.waivers import EXPIRING, WAIVER_CONTROLS, WaiverState, WaiverStatus, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Waiver


def evaluate_each(
    assemblies: Iterable[Assembly],
    controls: Sequence[Control],
    *,
    waivers: Sequence[Waiver] = (),
    known: Iterable[Control] = (),
    fail_on: Severity | str = Severity.LOW,
    today: date | None = None,
) -> Outcome:
    """Evaluate each assembly as `evaluate` does, and return one outcome.

    Args:
        assemblies: one for each Region of each account. With a generator, each is released after its evaluation, except
            for resources with findings.
        controls: the controls to evaluate.
        waivers: the waivers for all assemblies. A waiver that suppresses a finding in any of them counts as used.
        known: additional controls that waivers may name.
        fail_on: the lowest severity that fails, or `INCOMPLETE`, as for `evaluate`.
        today: the date for which waivers and dates are evaluated. Default: today, UTC.

    Raises:
        UnusableInputError: waivers that name an unknown control.
    """
    today, known = today or _clock.today(), tuple(known)
    outcomes = []
    for one in assemblies:
        outcomes.append(evaluate(one, controls, waivers=waivers, known=known, fail_on=fail_on, today=today))
        one.release()
    if not outcomes:
        return evaluate(Assembly([]), controls, known=known, fail_on=fail_on, today=today)
    return outcomes[0] if len(outcomes) == 1 else _merged(outcomes, today)


def _merged(outcomes: Sequence[Outcome], today: date) -> Outcome:
    first = outcomes[0]
    states = tuple(_together(same) for same in zip(*(one.waivers for one in outcomes), strict=True))
    failing = [finding for one in outcomes for finding in one.findings if finding.control not in WAIVER_CONTROLS]
    warnings = [finding for one in outcomes for finding in one.warnings if finding.control not in WAIVER_CONTROLS]
    for state in states:
        judged = judge(state, today)
        if judged is not None:
            into = warnings if judged[0] is EXPIRING else failing
            into.append(Finding(judged[0], state.waiver.subject, judged[1]))
    return Outcome(
        controls=first.controls,
        findings=tuple(failing),
        examined={control: sum(one.examined[control] for one in outcomes) for control in first.controls},
        warnings=tuple(warnings),
        waived=tuple(finding for one in outcomes for finding in one.waived),
        waivers=states,
        resources=sum(one.resources for one in outcomes),
        unseen=tuple(finding for one in outcomes for finding in one.unseen),
        outside=sum(one.outside for one in outcomes),
        fail_on=first.fail_on,
        whole=first.whole,
        cautions=tuple(dict.fromkeys(caution for one in outcomes for caution in one.cautions)),
    )


def _together(states: Sequence[WaiverState]) -> WaiverState:
    """Return the state of one waiver over all assemblies: it is unmatched if it suppresses nothing in any of them."""
    told = [state for state in states if state.status is not WaiverStatus.UNMATCHED]
    return WaiverState(states[0].waiver, (told or states)[0].status, sum(state.lifted for state in states))
