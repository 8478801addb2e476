"""Permissions of the governance role on GuardDuty and Security Hub, which an account has once in each Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws, _owner
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

LINKED_ROLES: Final = (
    "guardduty.amazonaws.com", "malware-protection.guardduty.amazonaws.com", "securityhub.amazonaws.com",
)  # fmt: skip
WILDCARDS: Final = {
    "NewDetector": "guardduty:CreateDetector takes no resource ARN; limited to detectors with the owner tag",
    "SeenDetectors": "these lists of GuardDuty take no resource ARN; limited to the stack's Region",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""

# Neither DeleteDetector nor DisableSecurityHub: both outlive their stack.
_DETECTORS: Final = (
    "DeleteFilter", "GetDetector", "GetFilter", "ListTagsForResource", "TagResource", "UntagResource", "UpdateDetector",
    "UpdateFilter",
)  # fmt: skip
_HUBS: Final = (
    "DescribeHub", "EnableSecurityHub", "ListTagsForResource", "TagResource", "UntagResource",
    "UpdateSecurityHubConfiguration",
)  # fmt: skip


def detector_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements for the role's own detectors and filters, and for the hub.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonguardduty.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecurityhub.html
    """
    detectors = _aws.arn("guardduty", "detector/*")
    untagged = {"Null": {f"aws:ResourceTag/{_owner.KEY}": "true"}}
    linked = f"arn:{_aws.partition()}:iam::{_aws.account()}:role/aws-service-role"
    return [
        {
            "Sid": "NewDetector",
            "Action": "guardduty:CreateDetector",
            "Resource": "*",
            "Condition": both(reach.born(), here()),
        },
        {
            "Sid": "SeenDetectors",
            "Action": named("guardduty", ("ListDetectors", "ListFilters")),
            "Resource": "*",
            "Condition": here(),
        },
        {"Action": "guardduty:CreateFilter", "Resource": detectors, "Condition": reach.born()},
        # GuardDuty checks this action when a resource is created with tags; the resource has no tags yet then.
        {"Action": "guardduty:TagResource", "Resource": detectors, "Condition": both(reach.born(), untagged)},
        {
            "Action": named("guardduty", _DETECTORS),
            "Resource": detectors,
            "Condition": both(reach.owned(), reach.kept()),
        },
        {"Action": named("securityhub", _HUBS), "Resource": _aws.arn("securityhub", "hub/default")},
        {"Action": "iam:GetRole", "Resource": [f"{linked}/{service}/*" for service in LINKED_ROLES[:2]]},
    ]
