"""The flow log of all traffic, encrypted and with a retention.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._roles import role, shared

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct


# The fields of the default format in their order, for tools that count fields, then those on pods, paths and direction.
_FIELDS = (
    *("version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets"),
    *("bytes", "start", "end", "action", "log-status"),
    *("pkt-srcaddr", "pkt-dstaddr", "flow-direction", "traffic-path", "tcp-flags", "reject-reason", "vpc-id"),
)
# VPC encryption controls report in this field, and only in flow logs that were created with it:
# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
_ENCRYPTION = "encryption-status"


def add(scope: Construct, vpc_id: str, *, key: kms.IKey, retention_days: int, encryption_status: bool) -> None:
    """Log all traffic of a VPC to a group that outlives the stack."""
    fields = (*_FIELDS, _ENCRYPTION) if encryption_status else _FIELDS
    group = create(
        logs.CfnLogGroup,
        scope,
        "FlowLogGroup",
        kms_key_id=key,
        retention_in_days=retention_days,
        deletion_protection_enabled=True,
    )
    group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    writer = role(
        scope,
        "FlowLogRole",
        description="Writes VPC flow logs",
        trust=_trust(),
        aws_policies={},
        statements=[
            {
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                "Resource": group.attr_arn,
            },
        ],
    )
    create(
        ec2.CfnFlowLog,
        scope,
        "FlowLog",
        resource_id=vpc_id,
        resource_type="VPC",
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_group_name=group,
        deliver_logs_permission_arn=writer,
        log_format=" ".join(f"${{{field}}}" for field in fields),
        max_aggregation_interval=60,
    )


@cache
def _trust() -> cdk.IResolvable:
    return shared(
        {
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": _aws.account()},
                "ArnLike": {"aws:SourceArn": _aws.arn("ec2", "vpc-flow-log/*")},
            },
        }
    )
