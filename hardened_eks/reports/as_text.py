"""The report as text, for people: grouped by subject, with construct path, property, source line and fix."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from hardened_eks.evidence import Kind
from hardened_eks.reports.causes import Group, by_cause
from hardened_eks.reports.model import Entry, State, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hardened_eks.reports.changes import Changes
    from hardened_eks.reports.model import Report

Line = list[tuple[str, str]]
"""The parts of one line with their style: color names with ``bold`` or ``dim``, such as ``bold red``, or empty."""

_STYLES: Final = {
    "critical": "bold bright_red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
}
_LABELS: Final = {State.FAIL: ("FAIL", "bold red"), State.WARNING: ("WARN", "yellow"), State.WAIVED: ("WAIVED", "dim")}


def render(report: Report) -> str:
    """Return the report as plain text."""
    return "\n".join("".join(piece for piece, _ in line) for line in lines(report)) + "\n"


def lines(report: Report) -> Iterator[Line]:
    """Yield the report line by line."""
    entries = (*report.failing, *report.warnings)
    groups = by_cause(sorted(entries, key=_by_subject))
    alone = (group for group in groups if len(group.subjects) == 1)
    for _, found in itertools.groupby(alone, key=lambda group: _by_subject(group.lead)):
        yield from _subject(list(found))
    for group in groups:
        if len(group.subjects) > 1:
            yield [(group.about, "bold")]
            yield from _finding(group)
            yield []
    if report.waived:
        yield [("Waived", "bold")]
        for entry in report.waived:
            yield from _waived(entry)
        yield []
    if report.changes:
        yield from _changes(report.changes)
    for note in report.not_seen:
        yield [("not seen: ", "yellow"), (clean(note), "")]
    for caution in report.outcome.cautions:
        yield [("warning: ", "yellow"), (clean(caution), "")]
    if not report.outcome.resources:
        yield [(_why_nothing(report), "yellow")]
    yield [
        (report.summary, "bold red" if report.failing else "bold green" if report.verdict == "pass" else "bold yellow")
    ]


def _why_nothing(report: Report) -> str:
    if report.environments:
        return "There is no cluster in these Regions."
    if report.outcome.outside:
        return "No resource of these templates belongs to a cluster. To evaluate them anyway, use --scope all."
    return "No control selects any resource of these templates."


def _changes(changes: Changes) -> Iterator[Line]:
    """Yield the differences from the earlier state or templates."""
    yield [("Compared with ", "bold"), (clean(changes.with_), "bold")]
    for label, style, entries in (("NEW", "bold red", changes.new), ("FIXED", "bold green", changes.fixed)):
        for entry in entries:
            what = f" {entry.severity}  {entry.subject}: {entry.message}"
            yield [("  ", ""), (label, style), (" ", ""), (entry.control.id, "bold"), (what, "")]
    if changes.drift:
        from hardened_eks.reports.drifting import said  # no other report needs it
    for drift in changes.drift:
        yield [
            ("  ", ""),
            ("DIFFERS ", "yellow"),
            (clean(f"{drift.resource.id}  {drift.resource.type}  {said(drift)}"), ""),
        ]
    for one in changes.alone:
        yield [("  ", ""), ("IN NO STACK ", "yellow"), (clean(one), "")]
    if not (changes.new or changes.fixed or changes.drift or changes.alone):
        yield [("  no difference", "")]
    yield []


def _by_subject(entry: Entry) -> tuple[bool, str, str]:
    return entry.kind is Kind.WAIVER, entry.file, entry.subject


def _subject(groups: list[Group]) -> Iterator[Line]:
    first = groups[0].lead
    what = [("  ", ""), (first.what, "dim")] if first.kind is not Kind.ASSEMBLY else []
    yield [(first.subject, "bold"), *what]
    if first.arn and first.arn != first.subject:
        yield [("  ", ""), (first.arn, "dim")]
    if first.kind is not Kind.WAIVER and first.construct_path not in {"", first.subject}:
        yield [("  ", ""), (first.construct_path, "dim")]
    for group in sorted(groups, key=lambda g: (g.lead.severity.rank, g.lead.control.id)):
        yield from _finding(group)
    yield []


def _finding(group: Group) -> Iterable[Line]:
    entry = group.lead
    severity = entry.severity
    label, style = _LABELS[entry.state]
    yield [
        ("  ", ""),
        (label, style),
        (" ", ""),
        (group.ids, "bold"),
        (" ", ""),
        (severity, _STYLES[severity]),
        (f"  {group.title}", ""),
    ]
    for message in group.messages:
        yield [("      ", ""), (message, "")]
    if group.place:
        yield [("      at   ", "dim"), (group.place, "cyan")]
    for fix in group.fixes:
        yield [("      fix  ", "dim"), (fix, "green")]


def _waived(entry: Entry) -> Iterable[Line]:
    yield [("  ", ""), (entry.control.id, "bold"), (f" {entry.severity}  ", "dim"), (entry.subject, "")]
    yield [("      ", ""), (entry.message, "dim")]
    by = f" (approved by {entry.waiver_approver})" if entry.waiver_approver else ""
    yield [("      until ", "dim"), (entry.waiver_until, ""), (f"{by}: {entry.waiver_reason}", "")]
    if entry.waiver_origin:
        yield [("      written at ", "dim"), (entry.waiver_origin, "dim")]
