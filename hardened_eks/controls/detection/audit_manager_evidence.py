from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_NEEDED: Final = (
    ("FrameworkId", "framework"),
    ("Roles", "owner"),
    ("AssessmentReportsDestination", "destination for its reports"),
)


@control(
    id="DT-13",
    title="An Audit Manager assessment is active, has owners and has a destination for its reports",
    requirement="auditmanager.evidence",
    types=("AWS::AuditManager::Assessment",),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "Evidence that is collected by hand in the week before an audit shows only that week instead of the whole year."
    ),
    fix="Set FrameworkId, Roles and AssessmentReportsDestination, and leave Status at ACTIVE.",
    source="https://docs.aws.amazon.com/audit-manager/latest/userguide/create-assessments.html",
    blind=(
        "Whether the framework covers EKS. Other tools can collect evidence as well, so an assembly without an "
        "assessment is not examined."
    ),
    enforced_by="AuditAssessment",
)
def audit_manager_evidence(assessment: Resource, assembly: Assembly) -> Iterator[Problem]:
    status = assessment.get("Status", "ACTIVE")
    if status != "ACTIVE":
        yield Problem(f"it collects nothing (Status is {status})", "Status")
    for path, what in _NEEDED:
        if assessment.get(path) in (None, "", [], {}):
            yield Problem(f"it has no {what}", path)
