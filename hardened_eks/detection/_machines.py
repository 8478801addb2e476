"""State machines of a detection: encrypted, logged in full, and each with a role for what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn

from hardened_eks import _aws, _roles
from hardened_eks._nag import acknowledge
from hardened_eks._owner import in_stack
from hardened_eks._roles import NO_FOREIGN_GRANTS
from hardened_eks.alerts._reports import may_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
_LOG_DELIVERY: Final = {
    "Action": [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
    ],
    "Resource": "*",
}  # fmt: skip
_NO_RESOURCE: Final = "log deliveries, traces and the results of queries know no resource"
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
_TRACING: Final = {
    "Action": [
        "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
    ],
    "Resource": "*",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machines:
    """What the state machines of a detection share."""

    scope: Construct
    key_arn: str
    log_group_arn: str

    def make(
        self, scope: Construct, *, what: str, definition: Mapping[str, Any], statements: Sequence[Mapping[str, Any]]
    ) -> str:
        """Make a state machine in `scope` and return its ARN.

        Args:
            scope: where it goes, as ``Machine``, with its role.
            what: what it is for, as people read it.
            definition: in Amazon States Language.
            statements: what it may do beside logging, reporting and using its key.
        """
        use = {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": self.key_arn}
        role = _roles.role(
            scope,
            "Role",
            description=what,
            trust=_trust("states.amazonaws.com", _aws.arn("states", "stateMachine:*")),
            aws_policies={},
            statements=[*statements, may_report(), use, _LOG_DELIVERY, _TRACING],
            wildcard=_NO_RESOURCE,
        )
        made = sfn.CfnStateMachine(
            scope,
            "Machine",
            state_machine_name=in_stack(scope),
            role_arn=role.attr_arn,
            definition_string=cdk.Stack.of(scope).to_json_string({"Comment": what, **definition}),
            state_machine_type="STANDARD",
            logging_configuration={
                "level": "ALL",
                "includeExecutionData": True,
                "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": self.log_group_arn}}],
            },
            encryption_configuration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": self.key_arn},
            tracing_configuration={"enabled": True},
        )
        made.node.add_dependency(scope.node.find_child("RolePolicy"))
        arn: str = made.ref
        return arn


def accept_streams(scope: Construct, cluster_name: str) -> None:
    """Accept that the role in `scope` may query all streams of the control-plane log: their names come and go."""
    group = f"arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/eks/{cluster_name}/cluster:*"
    acknowledge(
        scope.node.find_child("RolePolicy"),
        {f"AwsSolutions::AwsSolutions-IAM5[Resource::{group}]": "streams of one log group, whose names come and go"},
    )


def starter(scope: Construct, service: str, machine_arn: str, what: str, *more: Mapping[str, Any]) -> str:
    """Make the role, ``StarterRole``, with which a service starts a state machine; return its ARN."""
    made = _roles.role(
        scope,
        "StarterRole",
        description=what,
        trust=_trust(service, None),
        aws_policies={},
        statements=[{"Action": "states:StartExecution", "Resource": machine_arn}, *more],
    )
    arn: str = made.attr_arn
    return arn


def _trust(service: str, source: str | None) -> dict[str, Any]:
    condition: dict[str, Any] = {"StringEquals": {"aws:SourceAccount": _aws.account()}}
    if source is not None:
        condition["ArnLike"] = {"aws:SourceArn": source}
    return _roles.document({"Principal": {"Service": service}, "Action": "sts:AssumeRole", "Condition": condition})


def key(scope: Construct) -> kms.Key:
    """Make the key of state machines, schedules and the event archive.

    Roles use it by their own policies; CloudWatch Logs decrypts what it delivers, EventBridge what it archives
    (https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html).
    """
    root = {"AWS": f"arn:{_aws.partition()}:iam::{_aws.account()}:root"}
    machines = _aws.arn("states", "stateMachine:*")
    bus = _aws.arn("events", "event-bus/default")
    events = {"Service": "events.amazonaws.com"}
    return kms.Key(
        scope,
        "Key",
        description="Encrypts state machines and archived events of a detection",
        enable_key_rotation=True,
        pending_window=cdk.Duration.days(30),
        removal_policy=cdk.RemovalPolicy.RETAIN,
        policy=iam.PolicyDocument.from_json(
            _roles.document(
                {"Sid": "Manage", "Principal": root, "Action": "kms:*", "Resource": "*"},
                {
                    "Sid": "DeliverLogs",
                    "Principal": {"Service": "delivery.logs.amazonaws.com"},
                    "Action": "kms:Decrypt",
                    "Resource": "*",
                    "Condition": {"ArnLike": {"kms:EncryptionContext:aws:states:stateMachineArn": machines}},
                },
                {"Sid": "SeeKey", "Principal": events, "Action": "kms:DescribeKey", "Resource": "*"},
                {
                    "Sid": "Archive",
                    "Principal": events,
                    "Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:ReEncrypt*"],
                    "Resource": "*",
                    "Condition": {"StringEquals": {"kms:EncryptionContext:aws:events:event-bus:arn": bus}},
                },
                dict(NO_FOREIGN_GRANTS),
            )
        ),
    )


def log_group(scope: Construct, id: str, key_arn: str, *, name: str | None = None) -> logs.CfnLogGroup:
    """Make a log group that is encrypted, kept for a year and outlives its stack."""
    made = logs.CfnLogGroup(
        scope, id, log_group_name=name, kms_key_id=key_arn, retention_in_days=365, deletion_protection_enabled=True
    )
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return made
