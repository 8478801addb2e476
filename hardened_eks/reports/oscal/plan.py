"""The profile, the system security plan and the assessment plan of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.controls.frameworks import CONFIG
from hardened_eks.reports.oscal._common import CATALOGS, document, make_id, metadata, prop
from hardened_eks.reports.oscal.assessment import SYSTEM
from hardened_eks.reports.results import Result

if TYPE_CHECKING:
    from hardened_eks.reports.oscal.assessment import Assessment, Item, Objective

CATALOG: Final = "catalog.json"
PROFILE: Final = "profile.json"
PLAN: Final = "system-security-plan.json"
ASSESSMENT_PLAN: Final = "assessment-plan.json"
_OWNER: Final = "To be completed by the owner of the system, because templates do not contain it."
_STATES: Final = {
    Result.PASS: "implemented",
    Result.WAIVED: "partial",
    Result.FAIL: "partial",
}
"""Result -> OSCAL implementation status, which is also partial if templates cannot show a part. Results that were not
seen or not examined have no status."""
_WORDS: Final = {
    Result.PASS: "All checks that cover it pass.",
    Result.WAIVED: "Waivers suppress findings of checks that cover it: see the risks in the assessment results.",
    Result.FAIL: "Checks that cover it fail: see the assessment results.",
    Result.NOT_SEEN: "Not evaluated: the deciding values are not in the checked templates.",
    Result.NOT_EXAMINED: "Not evaluated: the checked templates have no resource to which it applies.",
}

_SOME: Final = "The checks that found something to evaluate pass."


def catalog(assessment: Assessment) -> dict[str, Any]:
    """Return a catalog of the framework controls that the checks cover, for frameworks without a published catalog."""
    controls = [
        {
            "id": objective.id,
            "title": f"{assessment.name}: {', '.join(objective.references)}",
            "parts": [{"id": statement(objective), "name": "statement", "prose": objective.title}],
        }
        for objective in assessment.objectives
    ]
    title = f"{assessment.name}: requirements that hardened-eks covers, in its own words"
    return document("catalog", {"metadata": _metadata(assessment, title), "controls": controls})


def profile(assessment: Assessment) -> dict[str, Any]:
    """Return the profile that selects the controls that the checks cover."""
    selected = [{"with-ids": [objective.id for objective in assessment.objectives]}]
    source = CATALOGS.get(assessment.framework.id, CATALOG)
    body = {
        "metadata": _metadata(assessment, f"{assessment.name}: controls that templates of Amazon EKS can show"),
        "imports": [{"href": source, "include-controls": selected}],
        "merge": {"as-is": True},
    }
    return document("profile", body)


def system_security_plan(assessment: Assessment) -> dict[str, Any]:
    """Return the system security plan, with the resources and the control that each check implements."""
    body = {
        "metadata": _metadata(assessment, f"{assessment.system}: system security plan"),
        "import-profile": {"href": PROFILE},
        "system-characteristics": _characteristics(assessment),
        "system-implementation": {
            "users": [{"uuid": make_id("user"), "title": "Owner and administrators", "remarks": _OWNER}],
            "components": _components(assessment),
            **({"inventory-items": [_item(item) for item in assessment.items]} if assessment.items else {}),
        },
        "control-implementation": {
            "description": "Evidence in the templates, based on the checks of hardened-eks.",
            "implemented-requirements": [_requirement(assessment, one) for one in assessment.objectives],
        },
    }
    return document("system-security-plan", body)


def assessment_plan(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment plan, with the assessed controls."""
    body = {
        "metadata": _metadata(assessment, f"{assessment.system}: assessment plan"),
        "import-ssp": {"href": PLAN},
        "reviewed-controls": reviewed(assessment),
    }
    return document("assessment-plan", body)


def reviewed(assessment: Assessment) -> dict[str, Any]:
    """Return the controls that are assessed."""
    return {"control-selections": [{"include-controls": [{"control-id": o.id} for o in assessment.objectives]}]}


def statement(objective: Objective) -> str:
    """Return the ID of the statement of a control, as in the NIST catalogs."""
    return f"{objective.id}_smt"


def statement_uuid(objective: Objective) -> str:
    """Return the ID of the statement of the plan about a control."""
    return make_id("plan", objective.id)


def _metadata(assessment: Assessment, title: str) -> dict[str, str]:
    return metadata(title, assessment.report.version, assessment.now)


def _characteristics(assessment: Assessment) -> dict[str, Any]:
    return {
        "system-ids": [{"id": make_id("system", assessment.system)}],
        "system-name": assessment.system,
        "description": "Amazon EKS and its related resources, as defined in CloudFormation templates.",
        "system-information": {"information-types": [{"title": "Information in the system", "description": _OWNER}]},
        "status": {"state": "other", "remarks": _OWNER},
        "authorization-boundary": {"description": f"The resources listed as inventory items. {_OWNER}"},
    }


def _components(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "uuid": SYSTEM,
            "type": "this-system",
            "title": assessment.system,
            "description": "The system as a whole.",
            "status": {"state": "other", "remarks": _OWNER},
        },
        {
            "uuid": make_id("component"),
            "type": "software",
            "title": "hardened-eks",
            "description": "Evaluates the templates before deployment; see component-definition.json.",
            "props": [{"name": "version", "value": assessment.report.version or "0"}],
            "status": {"state": "operational"},
        },
    ]


def _item(item: Item) -> dict[str, Any]:
    props = [{"name": "asset-id", "value": item.id.strip()}, prop("resource-type", item.type)]
    if item.construct_path:
        props.append(prop("construct-path", item.construct_path))
    return {
        "uuid": item.uuid,
        "description": f"{item.type} {item.id}",
        "props": props,
        "implemented-components": [{"component-uuid": SYSTEM}],
    }


def _requirement(assessment: Assessment, objective: Objective) -> dict[str, Any]:
    found: dict[str, Any] = {"uuid": make_id("requirement-of-plan", objective.id), "control-id": objective.id}
    if objective.result in _STATES:
        found["by-components"] = [
            {
                "component-uuid": SYSTEM,
                "uuid": statement_uuid(objective),
                "description": " ".join(f"{check.title}." for check in objective.checks),
                "props": _answers(assessment, objective),
                "implementation-status": {
                    "state": "partial" if objective.elsewhere else _STATES[objective.result],
                    "remarks": _remarks(assessment, objective),
                },
            }
        ]
    else:
        found["props"] = _answers(assessment, objective)
        found["remarks"] = " ".join(filter(None, [_WORDS[objective.result], objective.elsewhere]))
    return found


def _remarks(assessment: Assessment, objective: Objective) -> str:
    idle = assessment.idle(objective)
    words = _SOME if idle and objective.result is Result.PASS else _WORDS[objective.result]
    return " ".join(filter(None, [words, idle, objective.elsewhere]))


def _answers(assessment: Assessment, objective: Objective) -> list[dict[str, str]]:
    """Return what covers a control: checks, AWS Config managed rules and detections."""
    keys = [row.requirement for row in objective.rows]
    rules = sorted({rule for requirement in keys for rule in requirement.references.get(CONFIG, ())})
    detections = sorted({id_ for requirement in keys for id_ in assessment.watched.get(requirement.key, ())})
    return [
        *(prop("check", check.id) for check in objective.checks),
        *(prop("config-rule", rule) for rule in rules),
        *(prop("detection", id_) for id_ in detections),
    ]
