"""Permissions of the cluster creator role for a `Detection`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks.access import _actions
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

WILDCARDS = {
    "Queries": "saved queries and resource policies of CloudWatch Logs take no resource ARN; limited to the Region",
    "Contributors": "listing rules of Contributor Insights takes no resource ARN; limited to the stack's region",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""


def detection_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements for state machines, schedules, dashboards, filters, saved queries and an archive."""
    prefix = reach.prefix
    return [
        {"Action": named("states", _actions.MACHINES), "Resource": _aws.arn("states", f"stateMachine:{prefix}*")},
        # Responses wait at an activity for approval.
        {"Action": named("states", _actions.ACTIVITIES), "Resource": _aws.arn("states", f"activity:{prefix}*")},
        {
            "Action": named("scheduler", _actions.SCHEDULES),
            "Resource": _aws.arn("scheduler", f"schedule/default/{prefix}*"),
        },
        {
            "Action": named("cloudwatch", _actions.DASHBOARDS),
            "Resource": f"arn:{_aws.partition()}:cloudwatch::{_aws.account()}:dashboard/{prefix}*",
        },
        {
            "Action": named("cloudwatch", _actions.CONTRIBUTORS),
            "Resource": _aws.arn("cloudwatch", f"insight-rule/hardened-eks-{reach.cluster_prefix}*"),
        },
        {
            "Sid": "Contributors",
            "Action": "cloudwatch:DescribeInsightRules",
            "Resource": "*",
            "Condition": here(),
        },
        {"Action": named("events", _actions.ARCHIVES), "Resource": _aws.arn("events", f"archive/{prefix}*")},
        {"Action": "events:CreateArchive", "Resource": _aws.arn("events", "event-bus/default")},
        {"Sid": "Queries", "Action": named("logs", _actions.SAVED_QUERIES), "Resource": "*", "Condition": here()},
        {
            "Action": named("logs", _actions.SCHEDULED_QUERIES),
            "Resource": _aws.arn("logs", "scheduled-query:*"),
        },
        {
            "Action": named("kms", _actions.KEY_USE_BY_SERVICES),
            "Resource": _aws.arn("kms", "key/*"),
            "Condition": both(reach.owned(), _aws.through("events", "scheduler", "states")),
        },
    ]
