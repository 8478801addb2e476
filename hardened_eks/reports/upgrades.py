"""Upgrade plans as text, Markdown, JSON and GitHub Actions annotations."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.data.addon_versions import NOBODY
from hardened_eks.reports.as_github import data, property_
from hardened_eks.reports.as_markdown import text as shown_as_text
from hardened_eks.reports.model import clean, relative
from hardened_eks.upgrading.model import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hardened_eks.upgrading.model import Finding, Plan

_HEADS: Final = {Level.BLOCK: "Resolve first", Level.NOTE: "Know"}


def _text(plans: Sequence[Plan], notes: Sequence[str]) -> str:
    lines: list[str] = []
    for one in plans:
        lines += [_title(one), ""]
        for level, found in _by_level(one.findings):
            lines.append(f"{_HEADS[level]} ({len(found)})")
            lines += [f"  {_finding(finding)}" for finding in found]
            lines.append("")
        lines += ["Support", *(f"  {line}" for line in one.support), ""]
        if one.steps:
            lines.append("Steps")
        for number, step in enumerate(one.steps, 1):
            lines.append(f"  {number}. {step.title}")
            lines += [f"     - {detail}" for detail in step.details]
            lines += [f"     $ {command}" for command in step.commands]
        lines += [""] if one.steps else []
    lines += [f"note: {note}" for note in notes]
    return "\n".join(map(clean, [*lines, summary(plans)])) + "\n"


def _github(plans: Sequence[Plan], notes: Sequence[str]) -> str:
    lines = []
    for one in plans:
        for finding in one.findings:
            place = {"file": relative(finding.file), "line": str(finding.line or 1)} if finding.file else {}
            fields = {**place, "title": f"Kubernetes {one.target}"}
            shown = ",".join(f"{key}={property_(value)}" for key, value in fields.items())
            command = "error" if finding.level is Level.BLOCK else "warning"
            lines.append(f"::{command} {shown}::{data(clean(f'{finding.about}: {finding.message}'))}")
    lines += [f"::warning title=hardened-eks::{data(clean(note))}" for note in notes]
    return "\n".join([*lines, f"hardened-eks {summary(plans)}"]) + "\n"


def _markdown(plans: Sequence[Plan], notes: Sequence[str]) -> str:
    lines: list[str] = []
    for one in plans:
        lines += [f"# {shown_as_text(_title(one))}", ""]
        for level, found in _by_level(one.findings):
            lines += [f"## {_HEADS[level]}", "", *(f"- {shown_as_text(_finding(finding))}" for finding in found), ""]
        lines += ["## Support", "", *(f"- {line}" for line in one.support), ""]
        if one.steps:
            lines += ["## Steps", ""]
        for number, step in enumerate(one.steps, 1):
            lines += [f"{number}. **{step.title}**", *(f"   - {shown_as_text(detail)}" for detail in step.details)]
            if step.commands:
                lines += ["", "   ```sh", *(f"   {command}" for command in step.commands), "   ```"]
        lines += [""] if one.steps else []
    lines += [f"> {note}" for note in notes]
    return "\n".join(map(clean, [*lines, "", summary(plans)])) + "\n"


def _json(plans: Sequence[Plan], notes: Sequence[str]) -> str:
    document = {
        "schema_version": 1,
        "blocked": any(one.blocked for one in plans),
        "notes": list(notes),
        "plans": [_plain(one) for one in plans],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMATS: Final[Mapping[str, Callable[[Sequence[Plan], Sequence[str]], str]]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
    "github": _github,
}
"""Name of a format -> the function that renders it from plans and notes on unread input."""


def summary(plans: Sequence[Plan]) -> str:
    """Return the last line, with the number of blocking findings and steps."""
    blocks = sum(one.level is Level.BLOCK for plan in plans for one in plan.findings)
    steps = sum(len(one.steps) for one in plans)
    if not blocks and not steps:
        return "nothing to do"
    if blocks:
        return f"blocked: resolve {blocks} finding{'s' if blocks > 1 else ''} first, then {steps} steps"
    return f"nothing blocks the upgrade: {steps} steps, each with its own deployment"


def of_addons(plans: Sequence[Plan]) -> str:
    """Return the source of the add-on versions, as a note."""
    asked = plans[0].asked if plans else NOBODY
    if asked == NOBODY:
        return (
            "add-on versions are not known: `hardened-eks data refresh --only addon-versions` reads them from EKS, "
            "and --cluster reads them for one cluster"
        )
    return f"add-on versions: {asked}"


def _title(one: Plan) -> str:
    place = f" ({one.place})" if one.place else ""
    return f"{one.cluster}{place}: Kubernetes {one.start} to {one.target}, on {one.day}"


def _by_level(findings: Sequence[Finding]) -> Iterator[tuple[Level, list[Finding]]]:
    for level in Level:
        if found := [one for one in findings if one.level is level]:
            yield level, found


def _finding(one: Finding) -> str:
    place = f"{one.place}: " if one.place else ""
    return f"{place}{one.about}: {one.message}"


def _plain(one: Plan) -> dict[str, Any]:
    return {**asdict(one), "day": one.day.isoformat(), "blocked": one.blocked}
