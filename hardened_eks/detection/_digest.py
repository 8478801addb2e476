"""The digest: events without an alert are recorded, and summarized once a day in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._machines import starter
from hardened_eks.alerts._channel import Target
from hardened_eks.alerts._delivery import RETRY
from hardened_eks.detection._machines import Machines, all_streams, as_json
from hardened_eks.detection._states import digest
from hardened_eks.detections.grouping import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from hardened_eks.alerts._rules import Rules
    from hardened_eks.detection._values import Values
    from hardened_eks.detections import Detection

_LONGEST_NAME: Final = 64
"""Limit of a schedule: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html"""
_EVENTS: Final = (
    "fields coalesce(detail.eventName, detail.title, `detail-type`) as what, "
    "coalesce(detail.userIdentity.sessionContext.sessionIssuer.arn, detail.userIdentity.arn, resources.0) as who, "
    "coalesce(detail.userIdentity.invokedBy, detail.sourceIPAddress, source) as through "
    "| stats count(*) as number by what, who, through | sort number desc | limit 20"
)


def add(
    scope: Construct,
    *,
    cluster_name: str,
    detections: Sequence[Detection],
    values: Values,
    logged: Sequence[Mapping[str, str]],
    control_plane_arn: str,
    group: logs.CfnLogGroup,
    machines: Machines,
    rules: Rules,
    hour: int,
) -> None:
    """Record events in a log group, and send a summary of a day.

    Args:
        scope: the parent construct.
        cluster_name: name of the cluster.
        detections: the detections of the digest.
        values: values of the expressions.
        logged: ``title``, ``group`` and ``query`` of the parts that come from the control-plane log.
        control_plane_arn: ARN of that log's streams.
        group: log group for the events.
        machines: factory of the state machine.
        rules: factory of the rules.
        hour: hour of the day, in UTC.
    """
    group_name: str = group.ref
    made = [
        rules.start(
            f"Digest{each.name}",
            Target(id="Digest", arn=_aws.arn("logs", f"log-group:{group_name}")),
            pattern=each.pattern,
            description=f"Digest: {', '.join(d.id for d in each.detections)}",
        )
        for each in grouped(detections, values.parameters, values.sizes)
    ]
    group_arn: str = group.attr_arn
    name = machines.place.below("Digest").name(_LONGEST_NAME)
    _admit(scope, name, group_arn, made)
    own = {"title": "Changes and findings that wake nobody", "group": group_name, "query": _EVENTS}
    arn = machines.make(
        scope,
        "Digest",
        what=f"Daily digest of EKS cluster {cluster_name}",
        definition=digest(cluster_name, [own, *logged], _aws.partition()),
        statements=[
            {
                "Action": ["logs:StartQuery", "logs:GetQueryResults"],
                "Resource": [group_arn, *([control_plane_arn] if logged else [])],
            },
        ],
        accepted=all_streams(cluster_name) if logged else {},
    )
    stack = rules.stack
    role = starter(
        scope,
        "scheduler.amazonaws.com",
        arn,
        "EventBridge Scheduler starts the digest with it",
        {"Action": "kms:Decrypt", "Resource": machines.key_arn},
        {"Action": "sqs:SendMessage", "Resource": stack.undelivered_arn},
        {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": stack.key_arn},
    )
    create(
        scheduler.CfnSchedule,
        scope,
        "Schedule",
        name=name,
        description=f"Daily digest of EKS cluster {cluster_name}",
        schedule_expression=f"cron(0 {hour} * * ? *)",
        flexible_time_window={"mode": "FLEXIBLE", "maximumWindowInMinutes": 15},
        kms_key_arn=machines.key_arn,
        target={
            "arn": arn,
            "roleArn": role,
            "input": "{}",
            "retryPolicy": dict(RETRY),
            "deadLetterConfig": {"arn": stack.undelivered_arn},
        },
    )


def _admit(scope: Construct, name: str, group_arn: str, rules: Sequence[str]) -> None:
    """Let only the rules write. A log group as a target needs a resource policy, not a role.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """
    both = {"Effect": "Allow", "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]}}
    streams = {**both, "Action": "logs:CreateLogStream", "Resource": group_arn}
    lines = {
        **both,
        "Action": "logs:PutLogEvents",
        "Resource": group_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": list(rules)}},
    }
    create(
        logs.CfnResourcePolicy,
        scope,
        "WritePolicy",
        policy_name=name,
        policy_document=as_json({"Version": "2012-10-17", "Statement": [streams, lines]}),
    )
