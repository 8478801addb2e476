"""The Config rules' function: in the clusters' network, with a role that can only read and report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._asked import key_arn_of
from hardened_eks._functions import function_of
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import INTERFACES, WHY_INTERFACES, document, not_by_code, role
from hardened_eks.alerts._resources import TWO_WEEKS, tls_only
from hardened_eks.data.cluster_rules import CLUSTERS
from hardened_eks.governance._rules_code import CODE
from hardened_eks.network._security_group import SecurityGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import IDependable

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks._signed_code import SignedCode

_ENDPOINTS: Final = ("config", "eks", "sts")
_SECONDS: Final = 900
_MEMORY: Final = 512


class RulesFunction(Construct):
    """The function and its resources."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        clusters: Sequence[ClusterLike],
        log_retention_days: int,
        concurrency: int | None,
        signed_code: SignedCode | None,
    ) -> None:
        super().__init__(scope, id)
        keys = clusters[0].keys
        self.log = create(
            logs.CfnLogGroup, self, "Log", kms_key_id=key_arn_of(keys.logs), retention_in_days=log_retention_days
        )  # a group that Lambda creates would be unencrypted and never expire
        queue = _queue(self, key_arn_of(keys.notifications))
        self.failed_calls = queue.attr_queue_name
        """Name of the queue for calls that failed three times."""
        self.security_group, self.ways = _way(self, clusters)
        self.role = self._role(clusters, queue.attr_arn)
        network = clusters[0].network
        self.resource = function_of(
            self,
            CODE,
            description="Evaluates workloads in EKS clusters for AWS Config",
            signed=signed_code,
            role=self.role,
            log=self.log,
            keys=keys,
            seconds=_SECONDS,
            memory=_MEMORY,
            variables={CLUSTERS: ",".join(cluster.name for cluster in clusters)},
            reserved_concurrent_executions=concurrency,
            dead_letter_config={"targetArn": queue.attr_arn},
            vpc_config={
                "subnetIds": [subnet.subnet_id for subnet in network.node_subnets],
                "securityGroupIds": [self.security_group.group_id],
            },
        )
        self._accept(concurrency)

    def admit(self) -> lambda_.CfnPermission:
        """Let only AWS Config of this account call the function."""
        return create(
            lambda_.CfnPermission,
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=self.resource.attr_arn,
            principal="config.amazonaws.com",
            source_account=_aws.account(),
        )

    def _role(self, clusters: Sequence[ClusterLike], queue_arn: str) -> iam.CfnRole:
        keys = clusters[0].keys
        return role(
            self,
            "Role",
            description="Reads EKS clusters and tells AWS Config",
            trust=document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}),
            aws_policies={INTERFACES: WHY_INTERFACES},
            statements=[
                {"Action": "eks:DescribeCluster", "Resource": [cluster.arn for cluster in clusters]},
                {
                    "Action": "config:GetComplianceDetailsByConfigRule",
                    "Resource": _aws.arn("config", "config-rule/*"),
                },
                {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": self.log.attr_arn},
                {"Action": "sqs:SendMessage", "Resource": queue_arn},
                {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": key_arn_of(keys.notifications)},
                {"Action": "kms:Decrypt", "Resource": key_arn_of(keys.functions)},
                {
                    "Action": ["config:PutEvaluations", "xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                    "Resource": "*",
                },
                not_by_code(),
            ],
            wildcard="config:PutEvaluations and X-Ray's actions take no resource ARN",
        )

    def _accept(self, concurrency: int | None) -> None:
        rules = "arn:<AWS::Partition>:config:<AWS::Region>:<AWS::AccountId>:config-rule/*"
        acknowledge(
            self.node.find_child("RolePolicy"),
            {f"AwsSolutions::AwsSolutions-IAM5[Resource::{rules}]": "AWS Config names its rules' ARNs itself"},
        )
        if concurrency is None:
            reason = "the caller left the reservation out: the account's quota is the 10 of new accounts"
            packs = ("NIST.800.53.R5", "HIPAA.Security")
            acknowledge(self.resource, {f"{pack}::{pack}-LambdaConcurrency": reason for pack in packs})


def _queue(scope: Construct, key_arn: str) -> sqs.CfnQueue:
    """Create the queue for calls that failed three times."""
    made = create(sqs.CfnQueue, scope, "Failed", kms_master_key_id=key_arn, message_retention_period=TWO_WEEKS)
    acknowledge(made, {"AwsSolutions::AwsSolutions-SQS3": "it is the dead-letter queue of the function"})
    create(
        sqs.CfnQueuePolicy,
        scope,
        "FailedPolicy",
        queues=[made.ref],
        policy_document=document(tls_only("sqs:*", made.attr_arn)),
    )
    return made


def _way(scope: Construct, clusters: Sequence[ClusterLike]) -> tuple[SecurityGroup, list[IDependable]]:
    """Create the security group with access to the Kubernetes APIs and endpoints. Return it and its rules."""
    network = clusters[0].network
    for service in _ENDPOINTS:
        network.add_endpoint(service)
    network.admit_functions()
    groups = list(dict.fromkeys(cluster.security_group_id for cluster in clusters))
    https = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    egress = [{**https, "destinationSecurityGroupId": one, "description": "Kubernetes API"} for one in groups]
    if network.endpoints_security_group is None:
        # The security group of an adopted VPC's own endpoints is not known, so only routes limit HTTPS.
        egress.append({**https, "cidrIp": "0.0.0.0/0", "description": "HTTPS as far as routes lead"})
    made = SecurityGroup(
        scope, "SecurityGroup", description="Config rules on EKS clusters", vpc_id=network.vpc_id, egress=egress
    )
    rules = [
        create(
            ec2.CfnSecurityGroupIngress,
            scope,
            f"Api{number}",
            group_id=group,
            source_security_group_id=made.group_id,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="Kubernetes API from Config rules",
        )
        for number, group in enumerate(groups, start=1)
    ]
    network.admit(made)
    return made, [*rules, *network.ready]
