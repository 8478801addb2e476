"""State machines of a detection: encrypted, with complete logs, and each with its own role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from hardened_eks import _aws, _machines, _owner, _roles
from hardened_eks._l1 import create
from hardened_eks._records import dataclass
from hardened_eks.alerts._reports import may_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

_LONGEST_NAME: Final = 80
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html"""
_NO_RESOURCE: Final = "log deliveries, traces and the results of queries take no resource ARN"


@dataclass(frozen=True, slots=True)
class Machines:
    """Shared resources of the state machines of a detection."""

    place: _owner.Place
    """Account and Region of the detection."""
    key_arn: str
    log_group_arn: str

    def make(
        self,
        scope: Construct,
        id: str,
        *,
        what: str,
        definition: Mapping[str, Any],
        statements: Sequence[Mapping[str, Any]],
        accepted: Mapping[str, str],
    ) -> str:
        """Create a state machine in `scope` and return its ARN.

        Args:
            scope: the parent construct of the machine, ``Machine``, and its role.
            id: construct ID of `scope`, which is a child of the detection.
            what: description of the machine for people.
            definition: definition in Amazon States Language.
            statements: permissions in addition to logging, reporting and using its key.
            accepted: reasons for accepted findings on the role's policy, by finding.
        """
        use = {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": self.key_arn}
        role = _roles.role(
            scope,
            "Role",
            description=what,
            trust=_machines.trust(
                "states.amazonaws.com", ArnLike={"aws:SourceArn": _aws.arn("states", "stateMachine:*")}
            ),
            aws_policies={},
            statements=[*statements, may_report(), use, _machines.LOG_DELIVERY, _machines.TRACING],
            wildcard=_NO_RESOURCE,
            accepted=accepted,
        )
        made = _machines.state_machine(
            scope,
            name=self.place.below(id).name(_LONGEST_NAME),
            role_arn=role.attr_arn,
            definition=as_json({"Comment": what, **definition}),
            key_arn=self.key_arn,
            log_group_arn=self.log_group_arn,
        )
        arn: str = made.ref
        return arn


def all_streams(cluster_name: str) -> dict[str, str]:
    """Return the finding that a role may query all streams of the control-plane log, and why that is accepted."""
    group = f"arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/eks/{cluster_name}/cluster:*"
    return {f"AwsSolutions::AwsSolutions-IAM5[Resource::{group}]": "streams of one log group, whose names come and go"}


def as_json(value: Mapping[str, Any]) -> str:
    """Return JSON that keeps tokens for names, ARNs and Regions, which never contain a quote."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def key(scope: Construct) -> kms.Key:
    """Create the key of state machines, schedules and the event archive, which EventBridge encrypts.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
    """
    bus = _aws.arn("events", "event-bus/default")
    events = {"Service": "events.amazonaws.com"}
    return _machines.key(
        scope,
        {"Sid": "SeeKey", "Principal": events, "Action": "kms:DescribeKey", "Resource": "*"},
        {
            "Sid": "Archive",
            "Principal": events,
            "Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:ReEncrypt*"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:events:event-bus:arn": bus}},
        },
        description="Encrypts state machines and archived events of a detection",
    )


def log_group(scope: Construct, id: str, key_arn: str, *, name: str | None = None) -> logs.CfnLogGroup:
    """Create an encrypted log group with a retention of one year, which outlives its stack."""
    made = create(
        logs.CfnLogGroup,
        scope,
        id,
        log_group_name=name,
        kms_key_id=key_arn,
        retention_in_days=365,
        deletion_protection_enabled=True,
    )
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return made
