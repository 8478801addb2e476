"""Put controls to work on evidence, and say what was examined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hardened_eks import _clock
from hardened_eks.controls.model import Family, Problem, Severity
from hardened_eks.data import kubernetes
from hardened_eks.judging.alternatives import alternatives
from hardened_eks.judging.waivers import EXPIRING, Ledger, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.judging.alternatives import Alternative
    from hardened_eks.judging.waivers import Waiver, WaiverState


@dataclass(frozen=True, slots=True)
class Finding:
    """One resource that fails one control, in one way."""

    control: Control
    resource: Resource
    problem: Problem
    waiver: Waiver | None = None
    """The waiver that lifts it; None for a finding that counts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks found, and what they looked at."""

    controls: tuple[Control, ...]
    findings: tuple[Finding, ...]
    """What fails: no waiver lifts it."""
    examined: Mapping[Control, int] = field(default_factory=dict)
    """How many resources each control judged. Zero is not a pass."""
    warnings: tuple[Finding, ...] = ()
    """What does not fail: waivers about to expire, and findings below the severity that fails."""
    waived: tuple[Finding, ...] = ()
    """What a waiver in force lifts."""
    waivers: tuple[WaiverState, ...] = ()
    resources: int = 0
    """How many resources at least one control judged."""
    cautions: tuple[str, ...] = ()
    """What limits the verdict as a whole: data that is older than the day of the check."""

    @property
    def verdict(self) -> str:
        """``fail``, ``pass``, or ``nothing examined``: silence over nothing is not a pass."""
        if self.findings:
            return "fail"
        return "pass" if self.resources else "nothing examined"


def evaluate(
    assembly: Assembly,
    controls: Iterable[Control],
    *,
    waivers: Iterable[Waiver] = (),
    fail_on: Severity = Severity.LOW,
    today: date | None = None,
) -> Outcome:
    """Judge every resource of `assembly` that a control selects.

    A check that breaks on a malformed resource is a finding (it could not be judged), never an exception.

    Args:
        assembly: the templates, or a live account.
        controls: what to judge by.
        waivers: acceptances. Those of controls that are not judged here are left alone. Default: none.
        fail_on: the least severity that fails; what is below becomes a warning. Default: everything fails.
        today: the day on which waivers and dates of support are judged. Default: today, UTC.
    """
    controls = tuple(controls)
    today = assembly.today = today or _clock.today()
    ledger = Ledger(tuple(waivers), today)
    failing: list[Finding] = []
    warnings: list[Finding] = []
    waived: list[Finding] = []
    examined: dict[Control, int] = {}
    deployable = any(control.family is Family.DEPLOYABLE for control in controls)
    others = alternatives(assembly) if deployable else ()
    for control in controls:
        resources = assembly.of(*control.types)
        examined[control] = len(resources)
        for resource in resources:
            for problem in _all_problems(control, resource, assembly, others):
                waiver = ledger.lift(control, resource) if ledger.waivers else None
                if waiver is not None:
                    waived.append(Finding(control, resource, problem, waiver))
                elif control.severity.rank <= fail_on.rank:
                    failing.append(Finding(control, resource, problem))
                else:
                    warnings.append(Finding(control, resource, problem))
    states = ledger.states(frozenset(control.id for control in controls))
    for state in states:
        judged = judge(state, today)
        if judged is not None:
            into = warnings if judged[0] is EXPIRING else failing
            into.append(Finding(judged[0], state.waiver.as_resource(), judged[1]))
    return Outcome(
        controls=controls,
        findings=tuple(failing),
        examined=examined,
        warnings=tuple(warnings),
        waived=tuple(waived),
        waivers=states,
        resources=_count(assembly, controls),
        cautions=_cautions(assembly, today),
    )


def _cautions(assembly: Assembly, today: date) -> tuple[str, ...]:
    """Return what to say of an assembly with Kubernetes versions when the data about them is old."""
    aged = kubernetes.out_of_date(today) if assembly.of("AWS::EKS::Cluster", "AWS::EKS::Nodegroup") else None
    return (aged,) if aged else ()


def _all_problems(
    control: Control, resource: Resource, assembly: Assembly, others: Sequence[Alternative]
) -> list[Problem]:
    """Judge the resource as it is written; by a control of what deploys, also as the alternatives make it."""
    found = _problems(control, resource, assembly)
    if control.family is not Family.DEPLOYABLE:
        return found
    told = {problem.path for problem in found}
    for other in others:
        same = other.resources.get((resource.template.name, resource.logical_id))
        new = [p for p in _problems(control, same, other.assembly) if p.path not in told] if same is not None else []
        told |= {problem.path for problem in new}
        found += [Problem(f"{problem.message} ({other.name})", problem.path) for problem in new]
    return found


def _problems(control: Control, resource: Resource, assembly: Assembly) -> list[Problem]:
    try:
        found = list(control.check(resource, assembly))
    except Exception as error:  # noqa: BLE001 - a malformed template must not hide the other findings
        fault = "the control raised an exception" if control.area == "own" else "the resource is malformed"
        return [Problem(f"cannot be judged, {fault} ({type(error).__name__}: {error})")]
    return [problem if _whole(problem) else _wrong(problem) for problem in found]


def _whole(problem: object) -> bool:
    return isinstance(problem, Problem) and isinstance(problem.message, str) and isinstance(problem.path, str)


def _wrong(yielded: object) -> Problem:
    return Problem(f"cannot be judged, the control yielded {yielded!r}, not a Problem with a message and a path")


def _count(assembly: Assembly, controls: Iterable[Control]) -> int:
    types = {type_ for control in controls for type_ in control.types}
    return len(assembly.of("*") if "*" in types else assembly.of(*types))
