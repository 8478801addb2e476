"""Annotations of GitHub Actions: https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.reports.model import State, clean, relative

if TYPE_CHECKING:
    from hardened_eks.reports.model import Entry, Report

_COMMANDS = {State.FAIL: "error", State.WARNING: "warning", State.WAIVED: "notice"}


def render(report: Report) -> str:
    """Return one workflow command for each finding, then the summary."""
    lines = [_annotation(entry) for entry in report.entries]
    lines += [
        f"::warning title=hardened-eks::{data(clean(note))}" for note in (*report.not_seen, *report.outcome.cautions)
    ]
    if not report.outcome.resources:
        lines.append(f"::warning title=hardened-eks::{data(report.summary)}")
    return "\n".join([*lines, f"hardened-eks {report.summary}"]) + "\n"


def _annotation(entry: Entry) -> str:
    fields = {"title": f"{entry.control.id} {entry.control.title}"}
    if entry.file:
        fields = {"file": relative(entry.file), "line": str(entry.line or 1), **fields}
    until = f" [waived until {entry.waiver_until}: {entry.waiver_reason}]" if entry.waiver_until else ""
    place = f"{entry.subject} {entry.property_path}".strip()
    text = f"{place}: {entry.message}{until}\nfix: {entry.control.fix}"
    shown = ",".join(f"{key}={property_(value)}" for key, value in fields.items())
    return f"::{_COMMANDS[entry.state]} {shown}::{data(text)}"


def data(text: str) -> str:
    """Return a message escaped for a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_(text: str) -> str:
    """Return the value of a property escaped for a workflow command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
