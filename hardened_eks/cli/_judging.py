"""Evaluate current or saved account data, and compare it with templates or an earlier state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hardened_eks.evidence import Kind
from hardened_eks.evidence.resource import ARN
from hardened_eks.judging.environments import evaluate_each
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging.waivers import UNMATCHED
from hardened_eks.reports import Report
from hardened_eks.reports.changes import Changes
from hardened_eks.sources import InputProblem, UnusableInputError, load, saved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hardened_eks.controls.model import Control, Severity
    from hardened_eks.evidence import Assembly, Template, Waiver
    from hardened_eks.judging.drift import Drift
    from hardened_eks.judging.evaluation import Finding, Outcome
    from hardened_eks.reports.model import Entry

_STACKS: Final = "cloudformation:ListStackResources"
"""The call that reports which stack made what has no tags."""
PARTIAL: Final = 3
"""The exit code if something was not seen and nothing that was seen fails."""


@dataclass(slots=True)
class Judging:
    """The settings for the evaluation of accounts and their comparison with other states."""

    controls: Sequence[Control]
    known: tuple[Control, ...]
    waivers: Sequence[Waiver]
    fail_on: Severity | str
    day: date
    _against: tuple[str, Assembly] | None = field(default=None, init=False)
    _of_templates: tuple[Waiver, ...] = field(default=(), init=False)
    """Waivers from code, which may suppress nothing in the account but something in the templates."""
    _since: tuple[str, list[saved.Environment]] | None = field(default=None, init=False)

    def read(self, against: str | None, since: str | None, problems: list[object]) -> None:
        """Read the templates or the earlier state to compare with. Mistakes go into `problems`."""
        try:
            if against is not None:
                loaded = load([against])
                self._against = (against, loaded.assembly)
                self._of_templates = loaded.waivers
                self.waivers = (*loaded.waivers, *self.waivers)
        except UnusableInputError as error:
            problems += error.problems
        try:
            if since is not None:
                self._since = (since, saved.read(since))
        except UnusableInputError as error:
            problems += error.problems

    def report(self, environments: Sequence[saved.Environment], inputs: Sequence[str] = ()) -> Report:
        """Return the report on account data.

        Args:
            environments: the Regions of accounts.
            inputs: the argument. Default: the accounts themselves.
        """
        from hardened_eks import __version__

        if self._against is not None:
            _name_alike(self._against[1].templates, environments)
        outcome = self._outcome(environments)
        changes: Changes | None = None
        if self._since is not None:
            changes = self._changed(outcome)
        if self._against is not None:
            outcome, changes = self._drifted(outcome, environments, changes)
        uris = tuple(dict.fromkeys(one.uri for one in environments))  # a cluster's objects are in its Region
        notes = [f"{one.uri}: {text}" for one in environments for text in one.not_seen]
        return Report(
            outcome=outcome,
            day=self.day,
            version=__version__,
            inputs=tuple(inputs) or uris,
            files=uris,
            notes=tuple(notes),
            unread=len(notes),
            has_eks=any(one.clusters for one in environments),
            environments=max(1, len(uris)),
            changes=changes,
        )

    def _outcome(self, environments: Iterable[saved.Environment]) -> Outcome:
        paths = self._construct_paths()
        return evaluate_each(
            (one.load(paths).assembly for one in environments), self.controls, waivers=self.waivers, known=self.known,
            fail_on=self.fail_on, today=self.day,
        )  # fmt: skip

    def _construct_paths(self) -> dict[str, dict[str, str]]:
        """Return stack -> logical ID -> construct path, if the templates contain it; deployed templates may not."""
        if self._against is None:
            return {}
        return {
            template.name: {one.logical_id: one.construct_path for one in template.resources.values()}
            for template in self._against[1].templates
        }

    def _changed(self, outcome: Outcome) -> Changes:
        """Return the new and the fixed findings since an earlier state, both evaluated for the same date."""
        assert self._since is not None
        name, earlier = self._since
        then, now = Report(self._outcome(earlier), self.day), Report(outcome, self.day)
        before, after = (Counter(map(_key, (*one.failing, *one.warnings))) for one in (then, now))
        new = _beyond((*now.failing, *now.warnings), before)
        return Changes(name, new, _beyond((*then.failing, *then.warnings), after))

    def _drifted(
        self, outcome: Outcome, environments: Sequence[saved.Environment], changes: Changes | None
    ) -> tuple[Outcome, Changes]:
        """Return only the findings that the templates do not have, and the resources that are in no stack."""
        assert self._against is not None
        name, templates = self._against
        templates.complete = frozenset("*")  # what is missing in the account is not a drift where no template makes it
        there = evaluate(
            templates, self.controls, known=self.known, waivers=self.waivers, fail_on=self.fail_on, today=self.day
        )
        told: Counter[object] = Counter(
            _place(finding) for finding in (*there.findings, *there.warnings, *there.waived)
        )
        spare: Counter[object] = Counter(
            (finding.control.id, finding.problem.message) for finding in (*there.findings, *there.warnings)
        )
        unmatched = {finding.subject for finding in outcome.findings if finding.control is UNMATCHED} & {
            waiver.subject for waiver in self._of_templates
        }
        outcome = replace(outcome, findings=tuple(f for f in outcome.findings if f.subject not in unmatched))
        kept = replace(
            outcome,
            findings=_undrifted(outcome.findings, told, spare),
            warnings=_undrifted(outcome.warnings, told, spare),
        )
        alone = tuple(
            f"{entry['Type']} {entry.get('Metadata', {}).get(ARN) or logical}"
            for one in environments
            for logical, entry in one.templates.get(one.name, {}).get("Resources", {}).items()
        )
        return kept, replace(changes or Changes(name), with_=name, drift=self._differing(environments), alone=alone)

    def _differing(self, environments: Iterable[saved.Environment]) -> tuple[Drift, ...]:
        """Return the properties that differ from the templates, by Region."""
        from hardened_eks.judging.drift import drift

        assert self._against is not None
        templates = self._against[1]
        return tuple(
            one for where in environments
            for one in drift(templates, where.load().assembly, gone=not any(_STACKS in text for text in where.not_seen))
        )  # fmt: skip


def _name_alike(templates: Iterable[Template], environments: Iterable[saved.Environment]) -> None:
    """Name a template file after the deployed stack that contains most of its logical IDs."""
    stacks = {
        name: {(logical, entry["Type"]) for logical, entry in body.get("Resources", {}).items()}
        for one in environments
        for name, body in one.templates.items()
    }
    for template in templates:
        if template.name in stacks or template.parent is not None:
            continue
        own = {(resource.logical_id, resource.type) for resource in template.resources.values()}
        best = max(stacks, key=lambda name: len(stacks[name] & own), default="")
        if best and stacks[best] & own:
            template.name = best


def _undrifted(findings: Iterable[Finding], told: Counter[object], spare: Counter[object]) -> tuple[Finding, ...]:
    """Remove findings that the templates have too, at the same place or with the same words elsewhere."""
    kept = []
    for finding in findings:
        if finding.subject.kind is Kind.ACCOUNT and spare[finding.control.id, finding.problem.message]:
            continue  # of each Region
        for known, key in ((told, _place(finding)), (spare, (finding.control.id, finding.problem.message))):
            if known[key] > 0:
                known[key] -= 1
                break
        else:
            kept.append(finding)
    return tuple(kept)


def _place(finding: Finding) -> object:
    return finding.control.id, finding.subject.kind, finding.subject.id, finding.problem.message


def _key(entry: Entry) -> tuple[str, ...]:
    return entry.control.id, entry.file, entry.arn or entry.subject, entry.property_path, entry.message


def _beyond(entries: Iterable[Entry], known: Counter[tuple[str, ...]]) -> tuple[Entry, ...]:
    """Return the entries that are not in the known ones."""
    left = Counter(known)
    found = []
    for entry in entries:
        if left[_key(entry)] > 0:
            left[_key(entry)] -= 1
        else:
            found.append(entry)
    return tuple(found)


def exit_code(report: Report, *, require_eks: bool) -> int:
    """Return the exit code for a report on accounts."""
    partial = bool(report.unread or report.outcome.unseen)
    if report.outcome.findings or (partial and report.outcome.whole):
        return 1
    if partial:
        return PARTIAL
    return 1 if require_eks and not report.has_eks else 0


def saved_among(paths: Sequence[str], problems: list[object]) -> list[saved.Environment]:
    """Return the saved account data if the paths are such files; nothing if they are templates."""
    files = [path for path in paths if saved.is_saved(path)]
    if files and len(files) < len(paths):
        other = next(path for path in paths if path not in files)
        message = f"{files[0]} contains an account, and this path does not: check them in separate runs"
        problems.append(InputProblem(other, message))
    found: list[saved.Environment] = []
    for path in files:
        try:
            found += saved.read(path)
        except UnusableInputError as error:
            problems += error.problems
    return found
