"""Permissions of the governance role on AWS Audit Manager: its assessments, but none of its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws, _owner
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

WILDCARDS: Final = {
    "NewAssessment": "auditmanager:CreateAssessment takes no resource ARN; limited to assessments with the owner tag",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""

_OWN: Final = (
    "DeleteAssessment", "DeleteAssessmentFramework", "GetAssessment", "GetAssessmentFramework", "ListTagsForResource",
    "TagResource", "UntagResource", "UpdateAssessment", "UpdateAssessmentFramework", "UpdateAssessmentStatus",
)  # fmt: skip


def audit_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements for the role's own assessments and frameworks, whose ARNs AWS chooses.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsauditmanager.html
    """
    framework, control = (_aws.arn("auditmanager", f"{kind}/*") for kind in ("assessmentFramework", "control"))
    own = [_aws.arn("auditmanager", "assessment/*"), framework]
    untagged = {"Null": {f"aws:ResourceTag/{_owner.KEY}": "true"}}
    return [
        {
            "Sid": "NewAssessment",
            "Action": "auditmanager:CreateAssessment",
            "Resource": "*",
            "Condition": both(reach.born(), here()),
        },
        {
            "Action": "auditmanager:CreateAssessmentFramework",
            "Resource": [framework, control],
            "Condition": reach.born(),
        },
        # Audit Manager checks this action when a resource is created with tags; the resource has no tags yet then.
        {"Action": "auditmanager:TagResource", "Resource": own, "Condition": both(reach.born(), untagged)},
        {"Action": named("auditmanager", _OWN), "Resource": own, "Condition": both(reach.owned(), reach.kept())},
        # A framework refers to controls; controls created by a command have no owner tag, and a reference leaves them
        # unchanged.
        {"Action": "auditmanager:UpdateAssessmentFramework", "Resource": control},
    ]
