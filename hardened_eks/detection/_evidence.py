"""Evidence: a query of the log finds the principal behind an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch

from hardened_eks import _aws, _roles
from hardened_eks._l1 import create
from hardened_eks._machines import starter
from hardened_eks.alerts._channel import Target
from hardened_eks.detection._machines import Machines, all_streams
from hardened_eks.detection._names import camel
from hardened_eks.detection._states import evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from hardened_eks.alerts._rules import Rules
    from hardened_eks.detection._alarms import Alarms
    from hardened_eks.detections import Detection

_LINES_IN_MESSAGE: Final = 20
_EVERY: Final = 5
"""Minutes between queries of a log alarm. Each also covers the time of the one before: a query selects records by their
own time, and would never see a record that reaches the log, or can be queried, only after the query for its time."""


def by_query(
    scope: Construct,
    *,
    cluster_name: str,
    log_group_name: str,
    log_group_arn: str,
    detections: Sequence[Detection],
    queries: Mapping[str, str],
    machines: Machines,
    alarms: Alarms,
    rules: Rules,
) -> None:
    """Create the state machine that runs the saved query of an alarm, and the rule that starts it on ALARM."""
    known = {
        d.id: {"title": d.title, "severity": d.severity.value, "query": queries[d.id]}
        for d in detections
        if d.id in queries and not d.digest
    }
    statements = [{"Action": ["logs:StartQuery", "logs:GetQueryResults"], "Resource": log_group_arn}]
    arn = machines.make(
        scope,
        "Evidence",
        what=f"Evidence for alarms of EKS cluster {cluster_name}",
        definition=evidence(cluster_name, log_group_name, known, _aws.partition()),
        statements=statements,
        accepted=all_streams(cluster_name),
    )
    role = starter(scope, "events.amazonaws.com", arn, "EventBridge starts the search for evidence with it")
    rules.start(
        "Evidence",
        Target(id="Evidence", arn=arn),
        pattern=alarms.changes(known),
        description=f"An alarm of EKS cluster {cluster_name} is on: find out who it was",
        role_arn=role,
    )


def by_log_alarms(
    scope: Construct,
    *,
    cluster_name: str,
    log_group_name: str,
    log_group_arn: str,
    queries: Sequence[tuple[Detection, str]],
    alarms: Alarms,
) -> None:
    """Create alarms on the queries instead of on metrics. Their notifications contain the lines.

    One role runs the queries and reads the lines.
    """
    role = _roles.role(
        scope,
        "Role",
        description=f"CloudWatch queries the control-plane log of EKS cluster {cluster_name} with it",
        trust=_roles.document(
            {
                "Principal": {"Service": ["cloudwatch.amazonaws.com", "logs.amazonaws.com"]},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
            }
        ),
        aws_policies={},
        statements=[
            {
                "Action": ["logs:StartQuery", "logs:GetQueryResults", "logs:GetLogEvents"],
                "Resource": log_group_arn,
            },
        ],
        accepted=all_streams(cluster_name),
    )
    arn: Any = role.attr_arn
    for detection, query in queries:
        alarms.adopt(
            create(
                cloudwatch.CfnLogAlarm,
                scope,
                camel(detection.id),
                alarm_description=alarms.described(detection),
                comparison_operator="GreaterThanOrEqualToThreshold",
                threshold=1,
                query_results_to_alarm=1,
                query_results_to_evaluate=1,
                treat_missing_data="notBreaching",
                action_log_line_count=_LINES_IN_MESSAGE,
                action_log_line_role_arn=arn,
                scheduled_query_configuration={
                    "queryString": query,
                    "aggregationExpression": "count(*)",
                    "logGroupIdentifiers": [log_group_name],
                    "scheduledQueryRoleArn": arn,
                    "scheduleConfiguration": {
                        "scheduleExpression": f"rate({_EVERY} minutes)",
                        "startTimeOffset": 2 * _EVERY * 60,
                    },
                },
            ),
            detection.severity,
        )
