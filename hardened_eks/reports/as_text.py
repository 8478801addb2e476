"""For people: grouped by what they are about, with construct path, property, source line and fix."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from hardened_eks.evidence import Kind
from hardened_eks.reports.model import Entry, State, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hardened_eks.reports.model import Report

Line = list[tuple[str, str]]
"""Pieces of one line with their style (a rich style, or an empty text)."""

_STYLES: Final = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
}
_LABELS: Final = {State.FAIL: ("FAIL", "bold red"), State.WARNING: ("WARN", "yellow"), State.WAIVED: ("WAIVED", "dim")}


def render(report: Report) -> str:
    """Return the report as plain text."""
    return "\n".join("".join(piece for piece, _ in line) for line in lines(report)) + "\n"


def show(report: Report) -> None:
    """Print the report to the terminal, in colour. Imports rich."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines(report):
        console.print(Text.assemble(*line), soft_wrap=True)


def lines(report: Report) -> Iterator[Line]:
    """Yield the report line by line."""
    entries = (*report.failing, *report.warnings)
    for _, group in itertools.groupby(sorted(entries, key=_by_subject), key=_by_subject):
        yield from _subject(list(group))
    if report.waived:
        yield [("Waived", "bold")]
        for entry in report.waived:
            yield from _waived(entry)
        yield []
    for note in report.not_seen:
        yield [("not seen: ", "yellow"), (clean(note), "")]
    for caution in report.outcome.cautions:
        yield [("warning: ", "yellow"), (clean(caution), "")]
    if not report.outcome.resources:
        why = "No control selects any resource of these templates."
        if report.outcome.outside:
            why = "No resource of these templates belongs to a cluster; --scope all judges them all the same."
        yield [(why, "yellow")]
    yield [
        (report.summary, "bold red" if report.failing else "bold green" if report.verdict == "pass" else "bold yellow")
    ]


def _by_subject(entry: Entry) -> tuple[bool, str, str]:
    return entry.kind is Kind.WAIVER, entry.file, entry.subject


def _subject(entries: list[Entry]) -> Iterator[Line]:
    first = entries[0]
    what = [("  ", ""), (first.what, "dim")] if first.kind is not Kind.ASSEMBLY else []
    yield [(first.subject, "bold"), *what]
    if first.kind is not Kind.WAIVER and first.construct_path not in {"", first.subject}:
        yield [("  ", ""), (first.construct_path, "dim")]
    for entry in sorted(entries, key=lambda e: (e.control.severity.rank, e.control.id)):
        yield from _finding(entry)
    yield []


def _finding(entry: Entry) -> Iterable[Line]:
    severity = entry.control.severity
    label, style = _LABELS[entry.state]
    yield [
        ("  ", ""),
        (label, style),
        (" ", ""),
        (entry.control.id, "bold"),
        (" ", ""),
        (severity, _STYLES[severity]),
        (f"  {entry.control.title}", ""),
    ]
    yield [("      ", ""), (entry.message, "")]
    where = ", ".join(filter(None, (entry.property_path, entry.location)))
    if where:
        yield [("      at   ", "dim"), (where, "cyan")]
    yield [("      fix  ", "dim"), (entry.control.fix, "green")]


def _waived(entry: Entry) -> Iterable[Line]:
    yield [("  ", ""), (entry.control.id, "bold"), (f" {entry.control.severity}  ", "dim"), (entry.subject, "")]
    yield [("      ", ""), (entry.message, "dim")]
    by = f" (approved by {entry.waiver_approver})" if entry.waiver_approver else ""
    yield [("      until ", "dim"), (entry.waiver_until, ""), (f"{by}: {entry.waiver_reason}", "")]
    if entry.waiver_origin:
        yield [("      written at ", "dim"), (entry.waiver_origin, "dim")]
