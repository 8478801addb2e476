"""SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, as code scanning takes it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hardened_eks.controls.model import Severity
from hardened_eks.evidence import Kind
from hardened_eks.judging.waivers import WAIVER_CONTROLS
from hardened_eks.reports.as_json import some_references
from hardened_eks.reports.model import State, clean, relative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry, Report

HOME: Final = "urn:hardened-eks"
"""A URN instead of a URL, because the project has no permanent page."""
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_MOST_TAGS: Final = 20
"""The number of tags of a rule that code scanning accepts."""
# Scores that GitHub shows as critical (9.0 or more), high (7.0), medium (4.0) and low.
_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.5"}


def render(report: Report) -> str:
    """Return the report as SARIF."""
    rules = (*report.outcome.controls, *WAIVER_CONTROLS)
    index = {control.id: number for number, control in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "hardened-eks",
                "version": report.version,
                "informationUri": HOME,
                "semanticVersion": report.version,
                "rules": [_rule(control) for control in rules],
            }
        },
        "columnKind": "utf16CodeUnits",
        "automationDetails": {"id": "hardened-eks/"},
        "invocations": [
            {
                "executionSuccessful": not report.unread,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": _plain(clean(note))}} for note in _notes(report)
                ],
            }
        ],
        "results": [_result(entry, index, report.files) for entry in report.entries],
        "properties": {"summary": report.summary, "resourcesExamined": report.outcome.resources},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _notes(report: Report) -> tuple[str, ...]:
    notes = (*report.not_seen, *report.outcome.cautions)
    return notes if report.outcome.resources else (*notes, report.summary)


def _plain(text: str) -> str:
    """Return a message in which nothing is an embedded link, as names like ``[a](https://b)`` would be (3.11.6)."""
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _rule(control: Control) -> dict[str, Any]:
    tags = some_references(control, _MOST_TAGS - 2, between=":")
    return {
        "id": control.id,
        "name": "".join(word.capitalize() for word in control.name.split("_")),
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": control.why},
        "help": {
            "text": f"{control.why} {control.fix}",
            "markdown": f"{control.why}\n\n**Fix:** {control.fix}\n\n[Source]({control.source})",
        },
        "helpUri": control.source,
        "defaultConfiguration": {"level": _LEVELS[control.severity]},
        "properties": {
            "tags": ["security", str(control.family), *tags],
            "precision": "high",
            "security-severity": _SCORES[control.severity],
            "problem.severity": "error" if control.severity.rank < 2 else "warning",
        },
    }


def _result(entry: Entry, index: dict[str, int], files: Sequence[str]) -> dict[str, Any]:
    control = entry.control
    level = "note" if entry.state is State.WARNING else _LEVELS[entry.severity]
    place = f"{entry.subject} {entry.property_path}".strip()
    result: dict[str, Any] = {
        "ruleId": control.id,
        "ruleIndex": index[control.id],
        "level": level,
        "message": {"text": _plain(f"{entry.subject}: {entry.message}. {control.fix}")},
        "locations": [_location(entry, files)],
        "partialFingerprints": {
            "hardenedEks/v1": hashlib.sha256(f"{control.id} {place} {entry.message}".encode()).hexdigest()[:32]
        },
    }
    if entry.state is State.WAIVED:
        justification = f"{entry.waiver_reason} (until {entry.waiver_until})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _location(entry: Entry, files: Sequence[str]) -> dict[str, Any]:
    place = "/".join(filter(None, (entry.construct_path or entry.subject, entry.property_path)))
    logical = {"fullyQualifiedName": place, **({"kind": "resource"} if entry.kind is Kind.RESOURCE else {})}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    # Code scanning shows no result without a file, so findings about all templates are shown on the first file.
    file = entry.file or (clean(files[0]) if files and entry.kind is Kind.ASSEMBLY else "")
    if file:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(file)},
            "region": {"startLine": entry.line or 1},
        }
    return location


def _uri(file: str) -> str:
    """Return the file relative to the working directory, as code scanning requires, or as a file URI."""
    shown = relative(file)
    if "://" in shown:
        return shown
    return Path(shown).as_uri() if Path(shown).is_absolute() else quote(shown)
