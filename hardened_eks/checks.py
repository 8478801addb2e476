"""The catalog for CDK apps: the plugin for synthesis."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import aws_cdk as cdk
import jsii

from hardened_eks import _clock, _startup
from hardened_eks._choice import choose
from hardened_eks.controls.model import Control, Severity
from hardened_eks.evidence import Kind
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports.model import Entry, Report, State
from hardened_eks.sources import load_stacks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hardened_eks.judging.evaluation import Outcome

# `Validations.acknowledge` cannot silence the severity "fatal". Only a waiver, which has a date, can.
_SEVERITIES = {State.FAIL: "fatal", State.WARNING: "warning", State.WAIVED: "info"}


@jsii.implements(cdk.IPolicyValidationPlugin)
class Checks:
    """A validation plugin that stops unsafe templates during synthesis, with constructs of any library.

    Example:
        cdk.Validations.of(app).add_plugins(hardened.Checks())

    The plugin evaluates the whole assembly: all stacks, stages and nested stacks, with the references between them.
    Findings, warnings and waived findings are in ``cdk.out/validation-report.json`` with severity, fix, construct path
    and property. The plugin reads the files that the CDK wrote, like `hardened-eks check`, and has the same verdict.

    ``cdk.Validations.acknowledge`` does not suppress a finding; `waive` does, with a reason and a date.
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
            controls: IDs or control objects to evaluate, including your own. Default: the whole catalog, with the
                controls of installed packages (entry points ``hardened_eks.controls``).
            extra: your own controls, evaluated in addition. Default: none.
            exclude: IDs or control objects to leave out. Prefer a waiver, which has a reason. Default: none.
            fail_on: the lowest severity that fails synthesis: ``critical``, ``high``, ``medium`` or ``low``; findings
                below it are warnings. With ``incomplete``, an incomplete verdict fails, too. Default: ``low``, every
                finding fails.
            waivers: paths of waiver files, in addition to waivers in code (`waive`). Default: none.
            complete: CloudFormation types of which the app contains every resource of the account, or ``all``: an app
                without a trail, a detector or a backup plan then fails. Default: none, because another app may have
                them.
            scope: ``all`` to also evaluate resources that belong to no cluster. Default: ``eks``, only those that
                belong to a cluster.
            today: the day on which waivers and versions are evaluated. For a datetime, its date, in UTC if it has a
                time zone. Default: the current date in UTC.

        Raises:
            ConfigurationError: a control or the severity is unknown, two of your controls have the same ID or name, an
                entry point cannot be loaded, or a waiver file is unreadable or invalid. The error lists all mistakes.
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
        """Name of the plugin in the CDK's report."""
        return "hardened-eks"

    @property
    def version(self) -> str:
        """Version of this library."""
        from hardened_eks import __version__

        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """IDs of the evaluated controls."""
        return [control.id for control in self._choice.controls]

    @_startup.undisturbed()
    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Evaluate the synthesized templates. The CDK calls this.

        Args:
            context: the synthesized templates.

        Returns:
            The report.
        """
        # The context's own property would ask Node twice for each property of each stack.
        stacks: list[cdk.PolicyValidationStack] = jsii.get(context, "stackTemplates")
        files = [Path(stack.template_path) for stack in stacks]
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


def _cautions(outcome: Outcome) -> dict[str, str]:
    return {"cautions": "; ".join(outcome.cautions)} if outcome.cautions else {}


def _violations(entries: Iterable[Entry], outcome: Outcome) -> list[cdk.PolicyViolation]:
    """Return one violation for each control and message, with all its resources."""
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
    """Return the CDK's severity. An unseen property stops synthesis if a finding of its control would."""
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
