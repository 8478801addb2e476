"""A log of all traffic, encrypted and kept.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs

from hardened_eks import _aws
from hardened_eks._roles import document, role

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct


def add(scope: Construct, vpc_id: str, *, key: kms.IKey | None, retention_days: int) -> None:
    """Log all traffic of a VPC to a group that outlives the stack."""
    if key is None:
        from hardened_eks.keys import Keys

        key = Keys(scope, "Keys").logs
    group = logs.CfnLogGroup(
        scope,
        "FlowLogGroup",
        kms_key_id=key.key_arn,
        retention_in_days=retention_days,
        deletion_protection_enabled=True,
    )
    group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    writer = role(
        scope,
        "FlowLogRole",
        description="Writes VPC flow logs",
        trust=document(
            {
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": _aws.account()},
                    "ArnLike": {"aws:SourceArn": _aws.arn("ec2", "vpc-flow-log/*")},
                },
            }
        ),
        aws_policies={},
        statements=[
            {
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                "Resource": group.attr_arn,
            },
        ],
    )
    ec2.CfnFlowLog(
        scope,
        "FlowLog",
        resource_id=vpc_id,
        resource_type="VPC",
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_group_name=group.ref,
        deliver_logs_permission_arn=writer.attr_arn,
        max_aggregation_interval=60,
    )
