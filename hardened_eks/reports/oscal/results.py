"""The assessment results: the findings of each check, and the result for each control of a framework."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.reports.model import State
from hardened_eks.reports.oscal._common import document, make_id, metadata, prop
from hardened_eks.reports.oscal.assessment import SYSTEM, item_id
from hardened_eks.reports.oscal.plan import ASSESSMENT_PLAN, reviewed, statement, statement_uuid
from hardened_eks.reports.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry
    from hardened_eks.reports.oscal.assessment import Assessment, Objective

REPORT: Final = "../report.json"
_STATUS: Final = {
    Result.PASS: {"state": "satisfied", "reason": "pass"},
    Result.WAIVED: {
        "state": "not-satisfied",
        "reason": "other",
        "remarks": "Active waivers accept the findings: see the risks.",
    },
    Result.FAIL: {"state": "not-satisfied", "reason": "fail"},
}
"""Result -> OSCAL status of an objective. An objective that was not seen or not examined has no finding.

Satisfied means completely satisfied, so an accepted deviation is not satisfied, with a risk that is approved:
https://pages.nist.gov/OSCAL-Reference/models/v1.1.2/assessment-results/json-definitions/.
"""
_PARTLY: Final = {
    "state": "satisfied",
    "reason": "other",
    "remarks": "Only the parts that templates show: see the remarks of the finding.",
}
_SCOPE: Final = "Evaluated on templates before deployment; procedures and running systems are not evaluated."


def assessment_results(assessment: Assessment) -> dict[str, Any]:
    """Return the results of the check in the report of the assessment."""
    judged = [objective for objective in assessment.objectives if objective.result in _STATUS]
    risks = [risk for check in assessment.checks for risk in _risks(assessment, check)]
    result: dict[str, Any] = {
        "uuid": make_id("result", assessment.framework.id, assessment.now.isoformat()),
        "title": f"hardened-eks check by {assessment.name}",
        "description": assessment.report.summary,
        "start": _moment(assessment.now),
        "end": _moment(assessment.now),
        "props": [prop("verdict", assessment.report.verdict)],
        "reviewed-controls": reviewed(assessment),
        "observations": [_observation(assessment, check) for check in assessment.checks],
    }
    if risks:
        result["risks"] = risks
    if judged:
        result["findings"] = [_finding(assessment, objective) for objective in judged]
    if assessment.report.not_seen:
        result["remarks"] = "\n\n".join(f"Not seen: {note}" for note in assessment.report.not_seen)
    body = {
        "metadata": metadata(f"{assessment.system}: assessment results", assessment.report.version, assessment.now),
        "import-ap": {"href": ASSESSMENT_PLAN},
        "results": [result],
    }
    return document("assessment-results", body)


def _observation(assessment: Assessment, check: Control) -> dict[str, Any]:
    result = assessment.results.of(check)
    entries = assessment.results.entries(check)
    found: dict[str, Any] = {
        "uuid": _observation_id(check),
        "title": f"{check.id} {check.name}",
        "description": f"{check.title}.",
        "props": [
            prop("check", check.id),
            prop("severity", str(check.severity)),
            prop("result", str(result)),
            prop("examined", str(assessment.report.outcome.examined.get(check, 0))),
        ],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "subjects": _subjects(assessment, entries),
        "relevant-evidence": [{"href": REPORT, "description": f"Findings of the control {check.id} in the report."}],
        "collected": _moment(assessment.now),
    }
    said = [f"{entry.state}: {entry.subject} {entry.property_path}".strip() + f": {entry.message}" for entry in entries]
    if result is Result.NOT_EXAMINED:
        said.append("Not evaluated: the templates have no resource to which it applies.")
    elif result is Result.NOT_SEEN:
        said.append("Not evaluated: the deciding values are not in the templates that were read.")
    if said:
        found["remarks"] = "\n\n".join(said)
    return found


def _subjects(assessment: Assessment, entries: Sequence[Entry]) -> list[dict[str, str]]:
    """Return the subjects of the entries: resources as inventory items, and all others as the system."""
    known = {item.id for item in assessment.items}
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        uuid, kind = (item_id(entry.subject), "inventory-item") if entry.subject in known else (SYSTEM, "component")
        found.setdefault(uuid, {"subject-uuid": uuid, "type": kind, "title": entry.subject})
    return list(found.values()) or [{"subject-uuid": SYSTEM, "type": "component", "title": assessment.system}]


def _risks(assessment: Assessment, check: Control) -> list[dict[str, Any]]:
    """Return a risk for each failing check, and one for each finding that a waiver suppresses."""
    entries = assessment.results.entries(check)
    found: dict[str, dict[str, Any]] = {}
    failing = [entry for entry in entries if entry.state in {State.FAIL, State.WARNING}]
    if failing:
        found["open"] = {
            **_risk(check, _risk_id(check)),
            "statement": check.why,
            "props": [prop("severity", str(min(failing, key=lambda one: one.severity.rank).severity))],
            "status": "open",
        }
    for entry in entries:
        if entry.state is State.WAIVED:
            uuid = _risk_id(check, entry)
            found[uuid] = {
                **_risk(check, uuid),
                "statement": f"{check.why} Accepted for {entry.subject}: {entry.waiver_reason}",
                "props": [
                    prop("severity", str(entry.severity)),
                    prop("waiver-approver", entry.waiver_approver),
                    prop("waiver-origin", entry.waiver_origin),
                ],
                "status": "deviation-approved",
                "deadline": _moment(datetime.combine(date.fromisoformat(entry.waiver_until), time(0), UTC)),
            }
    return [{**risk, "related-observations": [{"observation-uuid": _observation_id(check)}]} for risk in found.values()]


def _risk(check: Control, uuid: str) -> dict[str, Any]:
    return {"uuid": uuid, "title": f"{check.id} {check.name}", "description": f"Not met: {check.title}. {check.fix}"}


def _finding(assessment: Assessment, objective: Objective) -> dict[str, Any]:
    risks = [risk["uuid"] for check in objective.checks for risk in _risks(assessment, check)]
    found: dict[str, Any] = {
        "uuid": make_id("finding", objective.id),
        "title": f"{assessment.name}: {', '.join(objective.references)}",
        "description": f"{objective.title}.",
        "target": {"type": "statement-id", "target-id": statement(objective), "status": _status(objective)},
        "implementation-statement-uuid": statement_uuid(objective),
        "related-observations": [{"observation-uuid": _observation_id(check)} for check in objective.checks],
        "remarks": " ".join(filter(None, [_SCOPE, assessment.idle(objective), objective.elsewhere])),
    }
    if risks:
        found["related-risks"] = [{"risk-uuid": uuid} for uuid in risks]
    return found


def _status(objective: Objective) -> dict[str, str]:
    """Return the OSCAL status: no plain pass if parts of the control are not in templates."""
    return _PARTLY if objective.result is Result.PASS and objective.elsewhere else _STATUS[objective.result]


def _observation_id(check: Control) -> str:
    return make_id("observation", check.id)


def _risk_id(check: Control, entry: Entry | None = None) -> str:
    return make_id("risk", check.id, *((entry.subject, entry.property_path, entry.message) if entry else ()))


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
