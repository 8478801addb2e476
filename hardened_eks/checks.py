"""The catalog at work on a CDK app: the synth plugin, and the waiver."""

from __future__ import annotations

import json
import traceback
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import aws_cdk as cdk
import jsii

from hardened_eks import _clock, _startup
from hardened_eks._choice import choose
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control, Severity
from hardened_eks.errors import Problems
from hardened_eks.evidence import Kind
from hardened_eks.evidence.waiver import METADATA_KEY
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.judging.own_controls import with_own
from hardened_eks.judging.selection import find
from hardened_eks.reports.model import Entry, Report, State
from hardened_eks.sources import load_stacks
from hardened_eks.sources.waivers import build, parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from constructs import IConstruct

    from hardened_eks.judging.evaluation import Outcome

# "fatal" is the one severity that `Validations.acknowledge` cannot silence without a date: a waiver can.
_SEVERITIES = {State.FAIL: "fatal", State.WARNING: "warning", State.WAIVED: "info"}


@jsii.implements(cdk.IPolicyValidationPlugin)
class Checks:
    """Stops an unsafe template during synthesis, with constructs of any library.

    Example:
        cdk.Validations.of(app).add_plugins(hardened.Checks())

    The whole assembly is evaluated: all stacks, stages and nested stacks, with the references between them. Findings go
    into ``cdk.out/validation-report.json`` with severity, fix, construct path and property, as do warnings and what
    waivers suppress. Nothing is asked of Node: the plugin reads the files that CDK wrote, as `hardened-eks check` does,
    and comes to the same verdict.

    ``cdk.Validations.acknowledge`` does not silence a finding; `waive` does, with a reason and a date.
    """

    def __init__(
        self,
        *,
        controls: Iterable[Control | str] | Control | str = (),
        extra: Iterable[Control] | Control = (),
        exclude: Iterable[Control | str] | Control | str = (),
        fail_on: Severity | str = Severity.LOW,
        waivers: str | Path | Sequence[str | Path] = (),
        complete: str | Iterable[str] = (),
        scope: Literal["eks", "all"] = "eks",
        today: date | None = None,
    ) -> None:
        """Create the plugin; register it with ``cdk.Validations.of(app).add_plugins``.

        Args:
            controls: ids or control objects to evaluate by, and no others. Default: the whole catalog, with the
                controls of installed packages (entry points ``hardened_eks.controls``). A control of your own may be
                among them.
            extra: your own controls, evaluated in addition. Default: none.
            exclude: ids or control objects to leave out. Default: none. A waiver is better: it keeps a reason.
            fail_on: the least severity that fails synth; lesser findings are warnings. ``incomplete``: an
                incomplete verdict fails, too. Default: every finding fails.
            waivers: files of waivers, besides those created in code with `waive`. Default: none.
            complete: CloudFormation types of which the app has all there are, or ``all``: an app without a trail, a
                detector or a backup plan then fails. Default: none, since another app may have them.
            scope: ``all`` to evaluate resources that belong to no cluster too. Default: ``eks``, what belongs to one.
            today: the day on which waivers and versions are evaluated; of a datetime its day, in UTC where it has a
                time zone. Default: today, UTC.

        Raises:
            ConfigurationError: unknown controls or severity, two own controls with one id or name, an entry point that
                cannot be loaded, unreadable or wrong waiver files; all at once.
        """
        self._choice = choose(
            "Checks",
            controls=controls,
            extra=extra,
            exclude=exclude,
            fail_on=fail_on,
            waivers=waivers,
            complete=complete,
            scope=scope,
            today=today,
        )

    @property
    def name(self) -> str:
        """The plugin's name in CDK's report."""
        return "hardened-eks"

    @property
    def version(self) -> str:
        """This library's version."""
        from hardened_eks import __version__

        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """IDs of the controls that are evaluated."""
        return [control.id for control in self._choice.controls]

    @_startup.undisturbed()
    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Evaluate the synthesized templates. Called by the CDK."""
        files = [Path(stack.template_path) for stack in context.stack_templates]
        choice = self._choice
        day = choice.today or _clock.today()
        loaded = load_stacks(files)
        loaded.assembly.complete |= choice.complete
        outcome = evaluate(
            loaded.assembly,
            choice.controls,
            waivers=(*loaded.waivers, *choice.waivers),
            fail_on=choice.fail_on,
            known=choice.catalogue,
            today=day,
            scope=choice.scope,
        )
        report = Report(
            outcome=outcome,
            day=day,
            version=self.version,
            notes=loaded.notes,
            hides_eks=loaded.hides_eks,
            stacks=len(loaded.assembly.templates),
        )
        return cdk.PolicyValidationPluginReport(
            success=not report.fails,
            violations=_violations((*report.entries, *report.unseen), outcome),
            metadata={"summary": report.summary, "examined": str(outcome.resources), **_cautions(outcome)},
            plugin_version=self.version,
        )


def waive(
    scope: IConstruct,
    control: Control | str,
    *,
    reason: str,
    until: date | str,
    approver: str = "",
    subject: str = "",
) -> None:
    """Accept the findings of one control on `scope` and everything below it, until a day.

    The waiver is in the cloud assembly, so the synth plugin and ``hardened-eks check cdk.out`` both honor it and
    both report it; and in the metadata of the template, where `Hook` finds it. After `until` it is itself a finding, as
    it is when it suppresses nothing; in its last 30 days it is a warning.

    Example:
        hardened.waive(cluster, private_endpoint, reason="public until the VPN is up, SEC-123", until="2027-03-31")

    Args:
        scope: a stack or a construct in one. For a whole app use a waiver file: ``Checks(waivers=...)``.
        control: the control, or its id.
        reason: why the risk is accepted, for the auditor.
        until: the last day it counts, a date or ``YYYY-MM-DD``.
        approver: who accepts the risk. Default: not said.
        subject: what the waiver covers in place of `scope` and what is below it, as a report names it and as a glob:
            ``assembly``, ``account:eu-west-1``, ``Payments/Metadata/*``. Default: `scope`.

    Raises:
        ConfigurationError: an unknown control, no reason, no date, or a scope outside any stack; all at once. A control
            of your own is known by its object, or by its id if an installed package brings it.
    """
    problems = Problems("waiver")
    catalogue, broken = with_own()
    named = find(control, catalogue) if control else ""
    if isinstance(named, str) and named:
        problems.add(named)
    id_ = control.id if isinstance(control, Control) else control
    _, mistakes = build(control=id_, scope="", reason=reason, until=until, approver=approver)
    problems.extend((*broken, *(message for _, message in mistakes)))
    for argument, given in (("approver", approver), ("subject", subject)):
        problems.require(isinstance(given, str), f"{argument} is a string, got {given!r}")
    problems.require(_in_a_stack(scope), "the scope is a stack or a construct in one, not an app or a stage")
    problems.raise_any()
    caller = traceback.extract_stack(limit=2)[0]
    entry = {
        "control": id_,
        "reason": reason,
        "until": str(parse_day(until)),
        "approver": approver,
        **({"subject": subject} if subject else {}),
        "own": find(control, CATALOGUE) not in CATALOGUE,
        "file": _relative(caller.filename),
        "line": caller.lineno,
    }
    scope.node.add_metadata(METADATA_KEY, json.dumps(entry))
    covered = {"subject": subject} if subject else {"path": scope.node.path}
    kept = {key: entry[key] for key in ("control", "reason", "until", "approver", "own") if entry[key]}
    options = cdk.Stack.of(scope).template_options
    written = options.metadata or {}
    options.metadata = {**written, METADATA_KEY: [*written.get(METADATA_KEY, ()), {**kept, **covered}]}


def _in_a_stack(scope: IConstruct) -> bool:
    if isinstance(scope, cdk.Stage):
        return False
    try:
        cdk.Stack.of(scope)
    except Exception:  # noqa: BLE001 - jsii raises its own kinds, and TypeError for what is no construct
        return False
    return True


def _relative(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else path.name


def _cautions(outcome: Outcome) -> dict[str, str]:
    return {"cautions": "; ".join(outcome.cautions)} if outcome.cautions else {}


def _violations(entries: Iterable[Entry], outcome: Outcome) -> list[cdk.PolicyViolation]:
    """Return one violation for each control and message, with all resources that it is about."""
    groups: dict[tuple[State, str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        accepted = ""
        if entry.state is State.WAIVED:
            by = f" by {entry.waiver_approver}" if entry.waiver_approver else ""
            accepted = f" [waived until {entry.waiver_until}{by}: {entry.waiver_reason}]"
        groups[entry.state, entry.control.id, entry.message, accepted].append(entry)
    return [
        cdk.PolicyViolation(
            rule_name=id_,
            description=f"{group[0].control.title}: {message}{accepted}",
            fix=group[0].control.fix,
            severity=_severity(state, group, outcome),
            rule_metadata={
                "severity": str(group[0].severity),
                "state": str(state),
                "why": group[0].control.why,
                "source": group[0].control.source,
            },
            violating_resources=[_violating(entry) for entry in group],
        )
        for (state, id_, message, accepted), group in groups.items()
    ]


def _severity(state: State, group: Sequence[Entry], outcome: Outcome) -> str:
    """Return CDK's severity; what is not seen stops synth where a finding would."""
    if state is State.UNSEEN:
        stops = any(outcome.stops(entry.control) for entry in group)
        state = State.FAIL if stops else State.WARNING
    return _SEVERITIES[state]


def _violating(entry: Entry) -> cdk.PolicyViolatingResource:
    if entry.kind is Kind.RESOURCE:
        return cdk.PolicyViolatingResource(
            resource_logical_id=entry.name,
            template_path=entry.file,
            locations=[entry.place] if entry.place else [],
        )
    return cdk.PolicyViolatingResource(construct_path=entry.construct_path or entry.subject, locations=[entry.location])
