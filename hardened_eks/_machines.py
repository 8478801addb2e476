"""Common parts of our state machines: a key, complete logs, traces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from hardened_eks import _aws, _roles
from hardened_eks._l1 import create
from hardened_eks._owner import in_stack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_stepfunctions as sfn
    from constructs import Construct

# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
LOG_DELIVERY: Final[Mapping[str, Any]] = {
    "Sid": "DeliverLogs",
    "Action": [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
    ],
    "Resource": "*",
}  # fmt: skip
"""Lets the role of a state machine write logs."""
# https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
TRACING: Final[Mapping[str, Any]] = {
    "Sid": "Trace",
    "Action": [
        "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ],
    "Resource": "*",
}  # fmt: skip
"""Lets the role of a state machine write traces."""
ERROR: Final = "{% $states.errorOutput.Error & ': ' & $states.errorOutput.Cause %}"
"""A JSONata expression for what made a state fail."""


def key(scope: Construct, *statements: Mapping[str, Any], description: str) -> kms.Key:
    """Create the key of state machines. Roles use it by their own policies; CloudWatch Logs decrypts its deliveries.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html

    Args:
        scope: the parent construct of the key, ``Key``.
        *statements: further statements of its policy.
        description: description of the encrypted data.
    """
    root = {"AWS": f"arn:{_aws.partition()}:iam::{_aws.account()}:root"}
    return create(
        kms.Key,
        scope,
        "Key",
        description=description,
        enable_key_rotation=True,
        pending_window=_aws.thirty_days(),
        removal_policy=cdk.RemovalPolicy.RETAIN,
        policy=iam.PolicyDocument.from_json(
            _roles.document(
                {"Sid": "Manage", "Principal": root, "Action": "kms:*", "Resource": "*"},
                {
                    "Sid": "DeliverLogs",
                    "Principal": {"Service": "delivery.logs.amazonaws.com"},
                    "Action": "kms:Decrypt",
                    "Resource": "*",
                    # The encryption context of a role's log entries, as in the CDK's StateMachine.
                    "Condition": {"StringEquals": {"kms:EncryptionContext:SourceArn": _aws.arn("logs", "*")}},
                },
                *statements,
                dict(_roles.NO_FOREIGN_GRANTS),
            )
        ),
    )


def state_machine(
    scope: Construct, *, name: str = "", role_arn: str, definition: str, key_arn: str, log_group_arn: str
) -> sfn.CfnStateMachine:
    """Create a state machine, ``Machine``, with encryption, complete logs and traces.

    Its name is that of `in_stack`, unless one is given.
    """
    from aws_cdk import aws_stepfunctions as sfn  # callers of only `trust` do not load it

    return create(
        sfn.CfnStateMachine,
        scope,
        "Machine",
        state_machine_name=name or in_stack(scope),
        role_arn=role_arn,
        definition_string=definition,
        state_machine_type="STANDARD",
        logging_configuration={
            "level": "ALL",
            "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": log_group_arn}}],
        },
        encryption_configuration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": key_arn},
        tracing_configuration={"enabled": True},
    )


def starter(scope: Construct, service: str, machine_arn: str, what: str, *more: Mapping[str, Any]) -> str:
    """Create the role, ``StarterRole``, with which a service starts a state machine, and return its ARN.

    Args:
        scope: the parent construct.
        service: service principal.
        machine_arn: ARN of the state machine.
        what: description for people.
        *more: further statements.
    """
    made = _roles.role(
        scope,
        "StarterRole",
        description=what,
        trust=trust(service),
        aws_policies={},
        statements=[{"Action": "states:StartExecution", "Resource": machine_arn}, *more],
    )
    arn: str = made.attr_arn
    return arn


def trust(service: str, **condition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trust policy of a role that a service assumes for this account, with conditions by operator."""
    own = {"StringEquals": {"aws:SourceAccount": _aws.account()}}
    return _roles.document(
        {"Principal": {"Service": service}, "Action": "sts:AssumeRole", "Condition": {**own, **condition}}
    )
