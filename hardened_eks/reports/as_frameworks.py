"""One self-contained page with every requirement of every framework, its controls and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._records import dataclass
from hardened_eks.reports._pages import page, views
from hardened_eks.reports.coverage import rows
from hardened_eks.reports.coverage import status as status_of
from hardened_eks.reports.results import Results

if TYPE_CHECKING:
    from hardened_eks.controls.frameworks import Requirement
    from hardened_eks.reports.coverage import Coverage
    from hardened_eks.reports.model import Report


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement."""

    requirement: Requirement
    asked: tuple[tuple[str, str], ...]
    """The ID of a framework, and its own IDs for the requirement."""
    controls: str
    status: Coverage


def render(report: Report) -> str:
    """Return the page."""
    outcome = report.outcome
    results = Results(report)
    matrix = [(row, row.status(results)) for row in rows(outcome.controls)]
    lines: dict[str, Line] = {}
    for row, status in matrix:
        key = row.requirement.key
        before = lines[key].asked if key in lines else ()
        asked = (*before, (row.framework.id, ", ".join(row.references)))
        lines[key] = Line(row.requirement, asked, ", ".join(control.id for control in row.controls), status)
    ordered = [line for _, line in sorted(lines.items())]
    answering = {control for row, _ in matrix for control in row.controls}
    others = [(one, status_of([one], results)) for one in outcome.controls if one not in answering]
    values = {"report": report, "frameworks": views(matrix), "lines": ordered, "others": others}
    return page("frameworks.html.j2", values)
