"""Permissions of the governance role for `Hook`: on its function and on CloudFormation hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks.access._creator_kubectl import uploaded_code, variable_keys
from hardened_eks.access._creator_reach import here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

PASSED_TO: Final = ("hooks.cloudformation.amazonaws.com", "lambda.amazonaws.com")
WILDCARDS: Final = {"Hooks": "CloudFormation's actions on types take no resource ARN; limited to the stack's Region"}
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
    """Return the statements for the function and the hooks."""
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
