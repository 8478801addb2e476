"""The resources of one response: a role, a state machine, an alarm on its failures, rules that start it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn

from hardened_eks import _aws, _machines, _roles
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._owner import in_stack
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import RETRY, tell
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from hardened_eks.alerts._channel import AlertChannel
    from hardened_eks.response._states import Steps

_NO_RESOURCE: Final = (
    "log deliveries and traces take no resource ARN, and Step Functions needs them to log and to trace"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A state machine and its role."""

    resource: sfn.CfnStateMachine
    arn: str
    role: iam.CfnRole


def role(scope: Construct, *, what: str, steps: Steps, statements: Sequence[Mapping[str, Any]]) -> iam.CfnRole:
    """Create the role of a state machine, with permissions for the steps, logs, reports and its own data.

    Args:
        scope: the parent construct.
        what: description of the state machine.
        steps: steps of the action.
        statements: permissions for the steps.
    """
    reason = "; ".join(filter(None, (_NO_RESOURCE, steps.wildcard)))
    made = _roles.role(
        scope,
        "Role",
        description=what,
        # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
        trust=_machines.trust(
            "states.amazonaws.com",
            ArnEquals={"aws:SourceArn": _aws.arn("states", f"stateMachine:{in_stack(scope)}")},
        ),
        aws_policies={},
        statements=[*statements, _machines.LOG_DELIVERY, _machines.TRACING],
        wildcard=reason,
    )
    _accept_wildcards(scope, statements)
    return made


def _accept_wildcards(scope: Construct, statements: Sequence[Mapping[str, Any]]) -> None:
    """Acknowledge each wildcard in statements that conditions narrow."""
    policy = scope.node.find_child("RolePolicy")
    found: dict[str, str] = {}
    for statement in statements:
        listed = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        for resource in listed:
            if resource != "*" and str(resource).endswith("*"):
                found[f"AwsSolutions::AwsSolutions-IAM5[Resource::{_readable(resource)}]"] = (
                    "limited by tags of the cluster, by its VPC or by what the call creates: docs/how-to/respond.md"
                )
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        for action in actions:
            if action.endswith("*"):
                found[f"AwsSolutions::AwsSolutions-IAM5[Action::{action}]"] = (
                    "both directions of re-encryption, on one key, through Amazon EC2 only"
                )
    if found:
        acknowledge(policy, found)


def _readable(resource: str) -> str:
    for token, name in (
        (_aws.partition(), "<AWS::Partition>"),
        (_aws.region(), "<AWS::Region>"),
        (_aws.account(), "<AWS::AccountId>"),
    ):
        resource = resource.replace(token, name)
    return resource


def rule(
    scope: Construct,
    id: str,
    *,
    description: str,
    pattern: Mapping[str, Any],
) -> events.CfnRule:
    """Create a rule without targets."""
    return create(events.CfnRule, scope, id, description=description[:512], event_pattern=dict(pattern))


def started_by(rule_: events.CfnRule, *, detection: str, machine_arn: str, role_arn: str, queue_arn: str) -> None:
    """Let a rule start a state machine, with the event and the rule's detection as input."""
    target: Any = {
        "id": "Response",
        "arn": machine_arn,
        "roleArn": role_arn,
        "deadLetterConfig": {"arn": queue_arn},
        "retryPolicy": RETRY,
        "inputTransformer": {"inputTemplate": f'{{"detection": "{detection}", "event": <aws.events.event.json>}}'},
    }
    rule_.targets = [target]


def failed_alarm(scope: Construct, *, title: str, machine_arn: str, channel: AlertChannel) -> None:
    """Create an alarm on executions that fail, time out or are stopped, which cannot report it themselves."""
    kinds = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")
    dimensions = [{"name": "StateMachineArn", "value": machine_arn}]
    metrics: list[Any] = [
        {"id": "failed", "expression": "SUM(METRICS())", "returnData": True},
        *(
            {
                "id": f"m{number}",
                "returnData": False,
                "metricStat": {
                    "metric": {"namespace": "AWS/States", "metricName": kind, "dimensions": dimensions},
                    "period": 300,
                    "stat": "Sum",
                },
            }
            for number, kind in enumerate(kinds)
        ),
    ]
    made = create(
        cloudwatch.CfnAlarm,
        scope,
        "FailedAlarm",
        alarm_description=f"{title}: an execution did not succeed. Read its history in Step Functions.",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        threshold=0,
        treat_missing_data="notBreaching",
        metrics=metrics,
    )
    sender = Sender(
        service="cloudwatch.amazonaws.com",
        arn=made.attr_arn,
        severity=Severity.CRITICAL,
        title="A response failed",
        first="Read the history of the execution in Step Functions, and do by hand what it could not do.",
    )
    tell(scope, made, sender, channel)
