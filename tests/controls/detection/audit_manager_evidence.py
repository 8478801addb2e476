from hardened_eks.controls.detection import audit_manager_evidence
from tests.controls.cases import Bad, Case, change, drop, hide, template

ASSESSMENT = "AWS::AuditManager::Assessment"

EVIDENCE = template(
    {
        "Assessment": (
            ASSESSMENT,
            {
                "FrameworkId": "f",
                "Roles": [{"RoleArn": "arn:x", "RoleType": "PROCESS_OWNER"}],
                "Status": "ACTIVE",
                "AssessmentReportsDestination": {"Destination": "s3://x", "DestinationType": "S3"},
            },
        )
    }
)

CASE = Case(
    audit_manager_evidence,
    EVIDENCE,
    bad={
        "inactive": Bad(change(ASSESSMENT, "Status", "INACTIVE"), "Status"),
        "hidden": Bad(hide(ASSESSMENT, "Status"), "Status"),
        "no framework": Bad(drop(ASSESSMENT, "FrameworkId"), "FrameworkId"),
        "no owner": Bad(change(ASSESSMENT, "Roles", []), "Roles"),
        "no reports": Bad(drop(ASSESSMENT, "AssessmentReportsDestination"), "AssessmentReportsDestination"),
    },
    edge={"framework in a parameter": hide(ASSESSMENT, "FrameworkId")},
)
