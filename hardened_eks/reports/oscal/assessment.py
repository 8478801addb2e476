"""The results of a check by the controls of a framework, for the OSCAL documents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from hardened_eks._records import dataclass
from hardened_eks.controls.frameworks import frameworks
from hardened_eks.reports.coverage import rows, title
from hardened_eks.reports.oscal._common import control_id, make_id
from hardened_eks.reports.results import Result, Results, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hardened_eks.controls.frameworks import Framework
    from hardened_eks.controls.model import Control
    from hardened_eks.reports.coverage import Row
    from hardened_eks.reports.model import Report

SYSTEM = make_id("system")
"""The ID of the component for the system as a whole."""


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of the system."""

    id: str
    """``Stack/LogicalId``."""
    type: str
    """CloudFormation type."""
    construct_path: str = ""

    @property
    def uuid(self) -> str:
        """The ID, which is the same in every document."""
        return item_id(self.id)


@dataclass(frozen=True, slots=True)
class Objective:
    """One control of a framework, and the checks that cover it."""

    id: str
    """The ID as an OSCAL token: ``ac-4.21``."""
    references: tuple[str, ...]
    """The ID as the framework writes it."""
    rows: tuple[Row, ...]
    result: Result

    @property
    def checks(self) -> tuple[Control, ...]:
        """The controls of the catalog that cover it."""
        return tuple({control.id: control for row in self.rows for control in row.controls}.values())

    @property
    def title(self) -> str:
        """The requirement in words."""
        return "; ".join(dict.fromkeys(row.requirement.title for row in self.rows))

    @property
    def elsewhere(self) -> str:
        """Other parts of the requirement that no template shows; empty if there are none."""
        parts = {}
        for row in self.rows:
            one = row.requirement
            if not row.controls:
                parts[one.key] = f"{one.title} ({one.party}: {one.reason})"
            elif one.rest:
                parts[one.key] = f"{one.title} (in part: {one.rest})"
        return f"Templates do not show: {'; '.join(parts.values())}" if parts else ""


@dataclass(frozen=True)
class Assessment:
    """A report from the view of a framework."""

    report: Report
    framework: Framework
    now: datetime
    """The creation time, with a time zone."""
    items: Sequence[Item]
    """The resources that were evaluated."""
    system: str
    """The name of the system."""
    watched: Mapping[str, Sequence[str]]
    """Key of a requirement -> IDs of the detections for it."""

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        """The controls of the framework that a check of this run covers."""
        found: dict[str, list[tuple[str, Row]]] = {}
        for row in rows(self.report.outcome.controls, self.framework.id):
            for reference in row.references:
                found.setdefault(control_id(self.framework, reference), []).append((reference, row))
        made = []
        for id_, pairs in sorted(found.items()):
            asked = tuple({row.requirement.key: row for _, row in pairs}.values())
            checks = {control for row in asked for control in row.controls}
            if checks:
                references = tuple(dict.fromkeys(reference for reference, _ in pairs))
                made.append(Objective(id_, references, asked, worst(map(self.results.of, checks))))
        return tuple(made)

    @cached_property
    def checks(self) -> tuple[Control, ...]:
        """The checks that cover the framework, by ID."""
        found = {control.id: control for objective in self.objectives for control in objective.checks}
        return tuple(found[id_] for id_ in sorted(found))

    @cached_property
    def results(self) -> Results:
        """The result of each check."""
        return Results(self.report)

    def idle(self, objective: Objective) -> str:
        """Return a sentence with the IDs of the checks that found nothing to evaluate; empty if there are none."""
        ids = [check.id for check in objective.checks if self.results.of(check) is Result.NOT_EXAMINED]
        return f"Nothing to evaluate for {', '.join(ids)}." if ids else ""

    @property
    def name(self) -> str:
        """The framework's title and version."""
        return title(self.framework)


def answered(controls: Sequence[Control]) -> list[str]:
    """Return the IDs of the frameworks that at least one of the controls covers."""
    found = {row.framework.id for row in rows(controls) if row.controls}
    return sorted(found & set(frameworks()))


def item_id(subject: str) -> str:
    """Return the ID of a resource, from ``Stack/LogicalId``."""
    return make_id("item", subject)
