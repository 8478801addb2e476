"""Markdown, for pull requests and job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.reports.causes import by_cause
from hardened_eks.reports.model import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.reports.model import Entry, Report

_SPECIAL: Final = regex(r"([\\`*_{}\[\]<>|#~&@])")


def render(report: Report) -> str:
    """Return the report as Markdown (GitHub's tables)."""
    title = {"fail": "failed", "pass": "passed"}.get(report.verdict, report.verdict)
    lines = [f"## hardened-eks: {title}", "", f"{text(report.summary)}.", ""]
    if report.failing:
        lines += ["### Findings", "", *_table(report.failing), ""]
    if report.warnings:
        lines += ["### Warnings", "", *_table(report.warnings), ""]
    if report.waived:
        lines += ["### Waived", "", "| control | subject | until | reason | approved by |", "|---|---|---|---|---|"]
        lines += [
            f"| {e.control.id} | {code(e.subject)} | {e.waiver_until} | {text(e.waiver_reason)} "
            f"| {text(e.waiver_approver)} |"
            for e in report.waived
        ]
        lines.append("")
    for caution in report.outcome.cautions:
        lines += [f"> Warning: {text(clean(caution))}", ""]
    if report.not_seen:
        lines += ["### Not seen", "", *(f"- {text(clean(note))}" for note in report.not_seen), ""]
    return "\n".join(lines)


def _table(entries: Iterable[Entry]) -> Iterable[str]:
    yield "| severity | control | subject | what is wrong | fix |"
    yield "|---|---|---|---|---|"
    for group in by_cause(entries):
        e = group.lead
        where = f"{code(group.about)}<br>{code(e.location)}" if e.location else code(group.about)
        said = "<br>".join(map(text, group.messages))
        what = f"{said}<br>{code(e.property_path)}" if e.property_path else said
        controls = " ".join(f"[{c.id}]({c.source})" for c in sorted(group.controls, key=lambda c: c.id))
        fix = "<br>".join(map(text, group.fixes))
        yield f"| {e.severity} | {controls} {text(group.title)} | {where} | {what} | {fix} |"


def text(value: str) -> str:
    """Return `value` escaped for Markdown, also in table cells, without mentions of users."""
    return _SPECIAL.sub(r"\\\1", value).replace("\\@", "@\u200b").replace("\\&", "&amp;").replace("\\<", "&lt;")


def code(value: str) -> str:
    r"""Return `value` as code, also for table cells.

    In a cell, ``\\|`` would be an escaped backslash and the end of the cell, so a backslash before a pipe is moved away
    from it with a space of no width.
    """
    shown = value.replace("`", "\u2019").replace("\\|", "\\\u200b|").replace("|", "\\|")
    return f"`{shown}`" if value else ""
