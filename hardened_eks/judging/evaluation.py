"""Evaluate controls on evidence, and count the examined resources."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from hardened_eks import _clock, _startup
from hardened_eks._records import dataclass
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Family, Problem, Severity
from hardened_eks.data import kubernetes
from hardened_eks.errors import UnusableInputError
from hardened_eks.evidence import Subject
from hardened_eks.judging.hidden import absent, incomplete, sure
from hardened_eks.judging.possible import Possible
from hardened_eks.judging.scope import Scope, belonging
from hardened_eks.judging.waivers import EXPIRING, Ledger, judge, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Assembly, Resource, Waiver
    from hardened_eks.judging.waivers import WaiverState


INCOMPLETE: Final = "incomplete"
"""A value of `fail_on` with which resources that deployability controls cannot see fail as well."""
LEVELS: Final = (*map(str, Severity), INCOMPLETE)
"""The values of `fail_on`, the strictest last."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a subject fails a control."""

    control: Control
    subject: Subject
    problem: Problem
    waiver: Waiver | None = None
    """The waiver that suppresses the finding; None for a finding that counts."""

    @property
    def severity(self) -> Severity:
        """The severity: that of the control, unless the problem has its own."""
        return self.problem.severity or self.control.severity

    @property
    def resource(self) -> Resource | None:
        """The resource of the finding; None if it has another subject."""
        return self.subject.resource


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings of a check, and the resources it examined."""

    controls: tuple[Control, ...]
    findings: tuple[Finding, ...]
    """Findings that fail and that no waiver suppresses."""
    examined: Mapping[Control, int] = field(default_factory=dict)
    """The number of resources that each control evaluated, or 1 if there are none in an assembly that is complete for
    its type. Zero is not a pass."""
    warnings: tuple[Finding, ...] = ()
    """Findings that do not fail: waivers that expire soon, and findings below the severity that fails."""
    waived: tuple[Finding, ...] = ()
    """Findings that a valid waiver suppresses."""
    waivers: tuple[WaiverState, ...] = ()
    resources: int = 0
    """The number of resources that at least one control evaluated."""
    unseen: tuple[Finding, ...] = ()
    """Subjects that a control could not see: they are neither findings nor passes."""
    outside: int = 0
    """The number of resources that were not evaluated because they do not belong to a cluster."""
    fail_on: Severity = Severity.LOW
    """The lowest severity that fails."""
    whole: bool = False
    """Whether resources that deployability controls cannot see fail as well."""
    cautions: tuple[str, ...] = ()
    """Limits of the verdict as a whole, such as data that is older than the date of the check."""

    @property
    def verdict(self) -> str:
        """``fail``, ``incomplete``, ``pass`` or ``nothing examined``, which is not a pass."""
        if self.findings:
            return "fail"
        if self.unseen:
            return "incomplete"
        return "pass" if self.resources else "nothing examined"

    @property
    def fails(self) -> bool:
        """Whether there are findings, or unseen subjects that fail."""
        return bool(self.findings) or any(self.stops(one.control) for one in self.unseen)

    def stops(self, control: Control) -> bool:
        """Return whether subjects that `control` cannot see fail.

        For hardening controls they do, from the severity that fails. For deployability controls they do not: AWS
        rejects a wrong template, so nothing unsafe is deployed.
        """
        if self.whole:
            return True
        return control.family is not Family.DEPLOYABLE and control.severity.rank <= self.fail_on.rank


@_startup.undisturbed()  # controls are imported, and what they make lives as long as the outcome
def evaluate(
    assembly: Assembly,
    controls: Iterable[Control],
    *,
    waivers: Iterable[Waiver] = (),
    known: Iterable[Control] = (),
    fail_on: Severity | str = Severity.LOW,
    today: date | None = None,
    scope: Scope | str = Scope.ALL,
) -> Outcome:
    """Evaluate every resource of `assembly` that a control selects.

    If a check raises an exception on a malformed resource, that is a finding (it could not be evaluated).

    Args:
        assembly: the templates, or a live account.
        controls: the controls to evaluate. Those that need a template examine nothing in an account.
        waivers: the waivers. Those of controls that are not evaluated are ignored. Default: none.
        known: additional controls of the team that waivers may name. Default: none.
        fail_on: the lowest severity that fails; findings below it become warnings. `INCOMPLETE`: every severity, and
            deployability controls that cannot see what they need. Default: every severity.
        today: the date for which waivers and support dates are evaluated. Default: today, UTC.
        scope: ``eks`` for resources that belong to a cluster. Default: all resources.

    Raises:
        UnusableInputError: waivers that name an unknown control.
    """
    controls = tuple(controls)
    today = assembly.today = today or _clock.today()
    resolved, unknown = resolve(waivers, (*CATALOGUE, *controls, *known))
    if unknown:
        raise UnusableInputError(unknown)
    ledger = Ledger(resolved, today)
    whole = fail_on == INCOMPLETE
    fail_on = Severity.LOW if whole else Severity(fail_on)
    sorter = _Sorter(ledger, fail_on)
    examined: dict[Control, int] = {}
    possible = Possible(assembly)
    judged_here = frozenset(c for c in controls if c.evidence == "any" or not assembly.regions)
    inside = _Inside(assembly, Scope(scope))
    for control in controls:
        resources = inside.of(control.types) if control in judged_here else []
        hidden: set[Subject] = set()
        for subject, problem in _judge(control, resources, possible, assembly) if resources else ():
            if inside.has(subject) and sorter.add(control, subject, problem):
                hidden.add(subject)
        examined[control] = len(resources) - len(hidden)
        for subject, problem in incomplete(control, assembly) if assembly.hidden and control in judged_here else ():
            sorter.add(control, subject, problem)
        for subject in absent(control, assembly) if control.absence else ():
            examined[control] += 1
            sorter.add(control, subject, Problem(control.absence))
    states = ledger.states(frozenset(control.id for control in controls))
    for state in states:
        judged = judge(state, today)
        if judged is not None:
            into = sorter.warnings if judged[0] is EXPIRING else sorter.failing
            into.append(Finding(judged[0], state.waiver.subject, judged[1]))
    return Outcome(
        controls=controls,
        findings=tuple(sorter.failing),
        examined=examined,
        warnings=tuple(sorter.warnings),
        waived=tuple(sorter.waived),
        waivers=states,
        unseen=tuple(sorter.unseen),
        fail_on=fail_on,
        whole=whole,
        **inside.count(judged_here),
        cautions=_cautions(assembly, today),
    )


@dataclass(slots=True)
class _Sorter:
    """Sorts problems into failing, warnings, waived and not seen."""

    ledger: Ledger
    fail_on: Severity
    failing: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    waived: list[Finding] = field(default_factory=list)
    unseen: list[Finding] = field(default_factory=list)

    def add(self, control: Control, subject: Subject, problem: Problem) -> bool:
        """Sort a problem, and return whether its subject is not seen."""
        waiver = self.ledger.lift(control, subject) if self.ledger.waivers else None
        if waiver is not None:
            self.waived.append(Finding(control, subject, problem, waiver))
        elif problem.unseen:
            self.unseen.append(Finding(control, subject, problem))
        elif (problem.severity or control.severity).rank <= self.fail_on.rank:
            self.failing.append(Finding(control, subject, problem))
        else:
            self.warnings.append(Finding(control, subject, problem))
        return problem.unseen


class _Inside:
    """The resources that are evaluated."""

    def __init__(self, assembly: Assembly, scope: Scope) -> None:
        self._assembly = assembly
        self._resources = None if scope is Scope.ALL or assembly.regions else belonging(assembly)
        self._ids = frozenset(resource.id for resource in self._resources or ())
        self._of: dict[tuple[str, ...], list[Resource]] = {}

    def of(self, types: tuple[str, ...]) -> list[Resource]:
        """Return the evaluated resources of these types, which many controls share."""
        if types not in self._of:
            found, inside = self._assembly.of(*types), self._resources
            self._of[types] = found if inside is None else [one for one in found if one in inside]
        return self._of[types]

    def has(self, subject: Subject) -> bool:
        """Return whether a finding on `subject` counts; one about a resource that is not evaluated does not."""
        return self._resources is None or subject.resource is None or subject.id in self._ids

    def count(self, controls: Iterable[Control]) -> dict[str, int]:
        """Return the numbers of resources that are evaluated, and that would be if they belonged to a cluster."""
        types = {type_ for control in controls for type_ in control.types}
        wanted = ("*",) if "*" in types else tuple(types)
        judged = len(self.of(wanted))
        return {"resources": judged, "outside": len(self._assembly.of(*wanted)) - judged}


def _judge(
    control: Control, resources: Iterable[Resource], possible: Possible, assembly: Assembly
) -> Iterator[tuple[Subject, Problem]]:
    """Yield the problems of the resources with their subjects; problems about other subjects only once."""
    told: set[tuple[Subject, str, str]] = set()
    in_account = bool(assembly.regions)
    for resource in resources:
        if in_account:
            assembly.asked_hidden()
        found = possible.problems(control, resource)
        for problem in sure(found, assembly) if in_account else found:
            if problem.subject is None:
                yield Subject.of_resource(resource), problem
            elif (key := (problem.subject, problem.message, problem.path)) not in told:
                told.add(key)
                yield problem.subject, problem


def _cautions(assembly: Assembly, today: date) -> tuple[str, ...]:
    """Return a note about an assembly with Kubernetes versions if the data about them is old."""
    aged = kubernetes.out_of_date(today) if assembly.of("AWS::EKS::Cluster", "AWS::EKS::Nodegroup") else None
    return (aged,) if aged else ()
