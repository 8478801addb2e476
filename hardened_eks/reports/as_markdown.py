"""Markdown, for pull requests and job summaries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks.reports.model import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.reports.model import Entry, Report

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#~&@])")


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
    for e in entries:
        where = f"{code(e.subject)}<br>{code(e.location)}" if e.location else code(e.subject)
        what = f"{text(e.message)}<br>{code(e.property_path)}" if e.property_path else text(e.message)
        control = f"[{e.control.id}]({e.control.source}) {text(e.control.title)}"
        yield f"| {e.control.severity} | {control} | {where} | {what} | {text(e.control.fix)} |"


def text(value: str) -> str:
    """Return `value` so that Markdown shows it as it is, in a table cell too, and mentions nobody."""
    return _SPECIAL.sub(r"\\\1", value).replace("\\@", "@\u200b").replace("\\&", "&amp;").replace("\\<", "&lt;")


def code(value: str) -> str:
    """Return `value` as code, in a table cell too."""
    return f"`{value.replace('`', chr(0x2019)).replace('|', chr(92) + '|')}`" if value else ""
