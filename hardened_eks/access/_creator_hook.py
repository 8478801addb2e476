"""What the role that creates governance may do for `Hook`: its function, and hooks of CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks.access._creator_kubectl import uploaded_code, variable_keys
from hardened_eks.access._creator_reach import here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

PASSED_TO: Final = ("hooks.cloudformation.amazonaws.com", "lambda.amazonaws.com")
WILDCARDS: Final = {"Hooks": "the actions on types of CloudFormation know no resource; limited to the stack's Region"}
"""Sid of each statement that names every resource, and why it cannot be narrower."""
_HOOKS: Final = (
    "ActivateType", "BatchDescribeTypeConfigurations", "DeactivateType", "DescribeType", "ListTypes",
    "SetTypeConfiguration",
)  # fmt: skip
_FUNCTIONS: Final = (
    "CreateFunction", "DeleteFunction", "GetFunction", "GetFunctionCodeSigningConfig", "GetFunctionRecursionConfig",
    "GetFunctionScalingConfig", "GetRuntimeManagementConfig", "PutFunctionConcurrency",
    "DeleteFunctionConcurrency", "TagResource", "UntagResource", "UpdateFunctionCode", "UpdateFunctionConfiguration",
)  # fmt: skip
_FILTERS: Final = ("DeleteMetricFilter", "DescribeMetricFilters", "PutMetricFilter")


def hook_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements."""
    prefix = reach.prefix
    return [
        {"Sid": "Hooks", "Action": named("cloudformation", _HOOKS), "Resource": "*", "Condition": here()},
        {"Action": named("lambda", _FUNCTIONS), "Resource": _aws.arn("lambda", f"function:{prefix}*")},
        {"Action": named("logs", _FILTERS), "Resource": _aws.arn("logs", f"log-group:{prefix}*")},
        *uploaded_code(),
        *variable_keys(reach),
        {
            "Action": "iam:PassRole",
            "Resource": f"arn:{_aws.partition()}:iam::{_aws.account()}:role/{prefix}*",
            "Condition": {"StringEquals": {"iam:PassedToService": list(PASSED_TO)}},
        },
    ]
