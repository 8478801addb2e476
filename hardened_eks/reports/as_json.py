"""The report as JSON, for programs. docs/reference/report.schema.json defines the stable format of each version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.controls.frameworks import OWN, STANDARDS, requirements
from hardened_eks.evidence import Kind
from hardened_eks.reports.model import clean

if TYPE_CHECKING:
    from hardened_eks.controls.model import Control
    from hardened_eks.judging.drift import Drift
    from hardened_eks.reports.changes import Changes
    from hardened_eks.reports.model import Entry, Report

SCHEMA_VERSION: Final = "2.4"
"""The minor part increases when something is added, the major part when something changes or is removed."""


def render(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    outcome = report.outcome
    changes = {"changes": _changes(report.changes)} if report.changes else {}
    return {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "hardened-eks", "version": report.version},
        "day": report.day.isoformat(),
        "verdict": report.verdict,
        "summary": report.summary,
        "inputs": [clean(path) for path in report.inputs],
        "templates": [clean(path) for path in report.files],
        "notSeen": [clean(note) for note in report.not_seen],
        "cautions": [clean(caution) for caution in report.outcome.cautions],
        "counts": {
            "findings": len(report.failing),
            "warnings": len(report.warnings),
            "waived": len(report.waived),
            "resourcesExamined": outcome.resources,
            "controlsExamined": report.controls_examined,
            "controls": len(outcome.controls),
            "notSeen": len(report.unseen),
            "outside": outcome.outside,
        },
        "findings": [_entry(entry) for entry in report.entries],
        "unseen": [_entry(entry) for entry in report.unseen],
        "waivers": [
            {
                "control": state.waiver.control,
                "scope": clean(state.waiver.scope),
                "by": state.waiver.by,
                "reason": clean(state.waiver.reason),
                "until": state.waiver.until.isoformat(),
                "approver": clean(state.waiver.approver),
                "origin": clean(state.waiver.origin),
                "status": str(state.status),
                "findings": state.lifted,
            }
            for state in outcome.waivers
        ],
        "controls": [
            {**describe(control), "examined": outcome.examined.get(control, 0)} for control in outcome.controls
        ],
        **changes,
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "with": clean(changes.with_),
        "new": [_entry(entry) for entry in changes.new],
        "fixed": [_entry(entry) for entry in changes.fixed],
        "drift": [_drift(one) for one in changes.drift],
        "inNoStack": [clean(one) for one in changes.alone],
    }


def _drift(one: Drift) -> dict[str, Any]:
    resource = one.resource
    return {
        "subject": clean(resource.id),
        "type": resource.type,
        "constructPath": clean(resource.construct_path),
        "arn": clean(one.arn),
        "property": clean(one.path),
        "template": one.written,
        "account": one.live,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "state": str(entry.state),
        "control": entry.control.id,
        "severity": str(entry.severity),
        "message": entry.message,
        "cause": entry.cause,
        "fix": entry.control.fix,
        "kind": str(entry.kind),
        "subject": entry.subject,
        "type": entry.type,
        "stack": entry.stack,
        "logicalId": entry.name if entry.kind is Kind.RESOURCE else "",
        "constructPath": entry.construct_path,
        "arn": entry.arn,
        "property": entry.property_path,
        "file": entry.file,
        "line": entry.line,
    }
    if entry.waiver_until:
        found["waiver"] = {
            "reason": entry.waiver_reason,
            "until": entry.waiver_until,
            "approver": entry.waiver_approver,
            "origin": entry.waiver_origin,
        }
    return found


def describe(control: Control) -> dict[str, Any]:
    """Return a control as plain data."""
    return {
        "id": control.id,
        "name": control.name,
        "title": control.title,
        "severity": str(control.severity),
        "family": str(control.family),
        "types": list(control.types),
        "needs": control.needs,
        "evidence": control.evidence,
        "absence": control.absence,
        "why": control.why,
        "fix": control.fix,
        "source": control.source,
        "references": references(control),
    }


def references(control: Control) -> dict[str, list[str]]:
    """Return framework ID -> the IDs of its requirements that `control` covers."""
    found: dict[str, list[str]] = {}
    for key in control.requirements:
        requirement = requirements().get(key)
        for framework, ids in requirement.references.items() if requirement else ():
            if framework != OWN:
                found[framework] = sorted({*found.get(framework, ()), *ids})
    return dict(sorted(found.items()))


def some_references(control: Control, most: int, *, between: str, longest: int = 1000) -> list[str]:
    """Return at most `most` references, each as framework ID and requirement ID, in the order of `references`.

    If there are more, each framework in turn keeps its next ID, standards first: the many IDs of a tool push out no
    standard.

    Args:
        control: the control.
        most: maximum number.
        between: the characters between the two IDs.
        longest: maximum length; longer references are left out. Default: 1000 characters.
    """
    asked = {
        framework: [one for id_ in ids if len(one := f"{framework}{between}{id_}") <= longest]
        for framework, ids in references(control).items()
    }
    turns = sorted(
        (number, framework not in STANDARDS, one) for framework, ids in asked.items() for number, one in enumerate(ids)
    )
    kept = {one for *_, one in turns[:most]}
    return [one for ids in asked.values() for one in ids if one in kept]
