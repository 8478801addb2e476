"""The evaluation of a target by the controls that have sufficient input, within the same scope as everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.hook.function import changes
from hardened_eks.hook.function.requests import Target
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging.scope import Scope, may_be_in
from hardened_eks.judging.waivers import EXPIRED, UNMATCHED, resolve
from hardened_eks.reports.model import Report
from hardened_eks.severity import Severity
from hardened_eks.sources import Loaded, UnusableInputError, compare, from_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Waiver
    from hardened_eks.hook.function.requests import Request
    from hardened_eks.judging.evaluation import Finding, Outcome

_NO_CHANGE: Final = "the deployed template cannot be read, so no control evaluates the change"
_ENOUGH: Final = {
    Target.STACK: ("resource", "stack"),
    Target.CHANGE_SET: ("resource", "stack"),
    Target.RESOURCE: ("resource",),
    Target.CLOUD_CONTROL: ("resource",),
}
"""The input that a control may need for each target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of the hook."""

    scope: Scope = Scope.EKS
    fail_on: Severity = Severity.LOW
    """The lowest severity that fails."""
    template_waivers: bool = True
    """Whether waivers in the metadata of templates count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of an evaluation."""

    report: Report
    alone: tuple[Finding, ...] = ()
    """Findings on this template alone by controls that need other templates. They do not count."""
    note: str = ""
    """The reason why nothing was read."""
    unread_change: str = ""
    """The reason why the change of a template was not evaluated; empty if it was."""

    @property
    def fails(self) -> bool:
        """Whether the hook fails."""
        return self.report.fails

    @property
    def examined(self) -> bool:
        """Whether a resource belongs to a cluster."""
        return bool(self.report.outcome.resources or self.report.failing)


def judge(
    request: Request,
    payload: Mapping[str, Any] | None,
    settings: Settings,
    *,
    waivers: Iterable[Waiver] = (),
    today: date,
) -> Verdict:
    """Evaluate a request.

    Args:
        request: the request.
        payload: payload of a stack or change set; None for a resource.
        settings: settings of the hook.
        waivers: waivers of the account. Default: none.
        today: the day on which waivers and versions are evaluated.

    Raises:
        UnusableInputError: the template cannot be read and may contain EKS resources, or a waiver names an unknown
            control.
    """
    try:
        return _judged(request, payload, settings, waivers, today)
    except UnusableInputError as error:
        text = str((payload or {}).get("template"))
        if settings.scope is Scope.ALL or payload is None or may_be_in(text):
            raise
        empty = Report(evaluate(Assembly([]), (), today=today), today, has_eks=False)
        return Verdict(report=empty, note=f"the template cannot be read: {error.problems[0]}")


def _judged(
    request: Request,
    payload: Mapping[str, Any] | None,
    settings: Settings,
    waivers: Iterable[Waiver],
    today: date,
) -> Verdict:
    loaded, unread = _of_template(request, payload) if payload is not None else (_of_resource(request), "")
    found = evaluate(
        loaded.assembly,
        _controls(request.target),
        waivers=(*(loaded.waivers if settings.template_waivers else ()), *_known(waivers)),
        fail_on=settings.fail_on,
        today=today,
        scope=settings.scope,
    )
    found = _without_strays(found)
    outcome, alone = _parted(found, _ENOUGH[request.target])
    concerned = bool(outcome.resources) or loaded.hides_eks
    notes = (*loaded.notes, *([unread] if unread else []))
    report = Report(
        outcome=outcome,
        day=today,
        notes=notes if concerned else (),
        hides_eks=loaded.hides_eks,
        stacks=len(loaded.assembly.templates),
        has_eks=any(type_.startswith(("AWS::EKS::", "Kubernetes::")) for type_ in loaded.assembly.types),
    )
    return Verdict(report=report, alone=alone, unread_change=unread if concerned else "")


def _of_template(request: Request, payload: Mapping[str, Any]) -> tuple[Loaded, str]:
    """Return the template, compared with the deployed one, and the reason why that cannot be read, if it cannot."""
    where: dict[str, Any] = {"account": request.account, "region": request.region}
    loaded = from_text(request.stack, payload["template"].encode(), **where)
    earlier = payload.get("previousTemplate")
    if isinstance(earlier, str) and earlier.strip():
        try:
            compare(loaded, from_text(request.stack, earlier.encode(), **where).assembly)
        except UnusableInputError as error:  # the update may be what corrects it
            return loaded, f"{_NO_CHANGE}: {error.problems[0]}"
    elif request.target is Target.CHANGE_SET:
        body = loaded.assembly.templates[0].body
        was, notes = changes.before(body, payload.get("changedResources"))
        if was is not None:
            compare(loaded, Assembly([Template(request.stack, was, **where)]))
        loaded = replace(loaded, notes=(*loaded.notes, *notes))
    return loaded, ""


def _of_resource(request: Request) -> Loaded:
    assembly = Assembly([_around(request, request.properties)])
    if request.previous is not None:
        assembly.previous = Assembly([_around(request, request.previous)])
    return Loaded(assembly)


def _around(request: Request, properties: Mapping[str, Any]) -> Template:
    body = {"Resources": {request.logical_id: {"Type": request.type, "Properties": properties}}}
    return Template(request.stack, body, path=request.stack, account=request.account, region=request.region)


def _controls(target: Target) -> tuple[Control, ...]:
    """Return the controls: for a template all, so that results of those without sufficient input can be reported."""
    return CATALOGUE if target.whole else tuple(one for one in CATALOGUE if one.needs in _ENOUGH[target])


def _known(waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Leave out waivers of controls that this release does not have; the parameter may be for a newer one."""
    return tuple(one for one in waivers if not resolve([one], CATALOGUE)[1])


def _without_strays(outcome: Outcome) -> Outcome:
    """Leave out findings on waivers that cover nothing here, because they may be for another stack."""
    idle = {state.waiver.subject for state in outcome.waivers if not state.lifted}
    return replace(
        outcome,
        findings=tuple(
            one
            for one in outcome.findings
            if one.control is not UNMATCHED and not (one.control is EXPIRED and one.subject in idle)
        ),
    )


def _parted(outcome: Outcome, enough: tuple[str, ...]) -> tuple[Outcome, tuple[Finding, ...]]:
    """Return the outcome of controls with sufficient input, and the findings of the others."""

    def sees(control: Control) -> bool:
        return control.needs in enough or control is EXPIRED

    def kept(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(one for one in findings if sees(one.control) and not _is_elsewhere(one))

    mine = replace(
        outcome,
        controls=tuple(filter(sees, outcome.controls)),
        findings=kept(outcome.findings),
        warnings=kept(outcome.warnings),
        waived=kept(outcome.waived),
        unseen=kept(outcome.unseen),
        examined={control: count for control, count in outcome.examined.items() if sees(control)},
    )
    others = (*(one for one in outcome.findings if not sees(one.control)), *filter(_is_elsewhere, outcome.unseen))
    return mine, others


def _is_elsewhere(finding: Finding) -> bool:
    """Return whether outputs of other templates alone decide what is not seen."""
    openings = finding.problem.openings
    return bool(openings) and all(one.kind in ("export", "stack output") for one in openings)
