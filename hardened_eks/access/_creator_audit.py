"""What the role may do that creates governance: assessments of AWS Audit Manager, and none of its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws, _owner
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

WILDCARDS: Final = {
    "NewAssessment": "auditmanager:CreateAssessment knows no resource; limited to assessments with the owner tag",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""

_OWN: Final = (
    "DeleteAssessment", "DeleteAssessmentFramework", "GetAssessment", "GetAssessmentFramework", "ListTagsForResource",
    "TagResource", "UntagResource", "UpdateAssessment", "UpdateAssessmentFramework", "UpdateAssessmentStatus",
)  # fmt: skip


def audit_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements: own assessments and frameworks, whose ARNs AWS makes up.

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
        # Audit Manager asks for this when something is created with tags, and knows no tag of it then.
        {"Action": "auditmanager:TagResource", "Resource": own, "Condition": both(reach.born(), untagged)},
        {"Action": named("auditmanager", _OWN), "Resource": own, "Condition": both(reach.owned(), reach.kept())},
        # A framework refers to controls; those that a command made have no owner, and do not change by it.
        {"Action": "auditmanager:UpdateAssessmentFramework", "Resource": control},
    ]
