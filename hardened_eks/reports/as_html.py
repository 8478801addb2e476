"""One self-contained page for auditors: no script, no external asset, light and dark, printable."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jinja2

from hardened_eks.reports.causes import by_cause
from hardened_eks.reports.coverage import Coverage, Row, rows, title
from hardened_eks.reports.model import clean, count

if TYPE_CHECKING:
    from hardened_eks.judging.evaluation import Outcome
    from hardened_eks.reports.model import Report


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """One framework's part of the coverage section."""

    id: str
    title: str
    rows: tuple[tuple[Row, Coverage], ...]
    counts: Counter[Coverage]

    @property
    def answered(self) -> int:
        """How many requirements a control answers."""
        return len(self.rows) - self.counts[Coverage.ELSEWHERE]


def render(report: Report) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hardened_eks.reports", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    page = environment.get_template("report.html.j2").render(
        report=report,
        outcome=report.outcome,
        count=count,
        by_cause=by_cause,
        frameworks=list(_frameworks(report.outcome)),
        severities=Counter(str(entry.severity) for entry in report.failing),
        examined=sorted(report.outcome.examined.items(), key=lambda item: item[0].id),
        statuses=list(Coverage),
    )
    return f"{page}\n"


def _frameworks(outcome: Outcome) -> list[FrameworkView]:
    matrix = ((row, row.status(outcome)) for row in rows(outcome.controls))
    views = []
    for framework, group in itertools.groupby(matrix, key=lambda pair: pair[0].framework):
        own = tuple(group)
        counts = Counter(status for _, status in own)
        views.append(FrameworkView(framework.id, title(framework), own, counts))
    return views
