"""One self-contained page for auditors: no script, no external asset, light and dark, printable."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hardened_eks.reports._pages import page, views
from hardened_eks.reports.causes import by_cause
from hardened_eks.reports.coverage import Coverage, rows
from hardened_eks.reports.model import count
from hardened_eks.reports.results import Results

if TYPE_CHECKING:
    from hardened_eks.reports.model import Report


def render(report: Report) -> str:
    """Return the page."""
    outcome, results = report.outcome, Results(report)
    return page(
        "report.html.j2",
        {
            "report": report,
            "outcome": outcome,
            "count": count,
            "by_cause": by_cause,
            "failing": by_cause(report.failing),
            "warnings": by_cause(report.warnings),
            "frameworks": views([(row, row.status(results)) for row in rows(outcome.controls)]),
            "severities": Counter(str(entry.severity) for entry in report.failing),
            "examined": sorted(outcome.examined.items(), key=lambda item: item[0].id),
            "statuses": list(Coverage),
        },
    )
