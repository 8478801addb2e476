"""Shared parts of a cluster's Fargate profiles: their log group and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks._asked import path_of, stack_of
from hardened_eks._l1 import create

if TYPE_CHECKING:
    from aws_cdk import aws_eks as eks

    from hardened_eks._cluster_like import ClusterLike


class Fargate(Construct):
    """The part of a cluster that its Fargate profiles share. The first profile creates it."""

    def __init__(self, scope: Construct, id: str, *, cluster: ClusterLike) -> None:
        """Create the scope."""
        super().__init__(scope, id)
        self._cluster = cluster
        self._groups: tuple[str, str] | None = None
        self._last: dict[str, eks.CfnFargateProfile] = {}

    def log_group(self, given: logs.ILogGroup | None, retention_days: int) -> tuple[str, str]:
        """Return name and ARN of the log group: the given one, or the cluster's, which the first use creates.

        Args:
            given: an existing log group. None: the cluster's.
            retention_days: days for which a new log group keeps the pods' logs.
        """
        if given is not None:
            return given.log_group_name, given.log_group_arn
        if self._groups is None:
            name = f"/aws/eks/{self._cluster.name}/fargate"
            made = create(
                logs.CfnLogGroup,
                self,
                "LogGroup",
                log_group_name=name,
                retention_in_days=retention_days,
                kms_key_id=self._cluster.keys.logs,
                deletion_protection_enabled=True,
            )
            made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
            self._groups = (made.ref, made.attr_arn)
        return self._groups

    def follow(self, profile: eks.CfnFargateProfile) -> None:
        """Create a profile after the previous one, because EKS creates and deletes only one at a time."""
        stack = path_of(stack_of(profile))
        before = self._last.get(stack)
        if before is not None:
            profile.add_resource_dependency(before)
        self._last[stack] = profile


def log_statements(group_arn: str) -> list[dict[str, Any]]:
    """Return the statements for the log router on an existing group. It may not create groups or set retention."""
    return [
        {
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": group_arn,  # ends in ":*", which is its streams
        }
    ]
