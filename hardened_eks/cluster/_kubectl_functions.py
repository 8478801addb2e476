"""The two Lambda functions of the CDK's kubectl provider, with least privilege and encrypted logs.

The CDK has no properties for most of these settings, so they are set on the resources that it created.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from hardened_eks import _aws
from hardened_eks._asked import key_arn_of, node_of, stack_of
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import INTERFACES, WHY_INTERFACES, document, not_by_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

# An ARN of a layer has at most 140 characters, with partition, Region and account.
_OF_STACK, _OF_ID = 24, 32
_FINDING = "AwsSolutions::AwsSolutions"
# The CDK's grants on a bucket, and the actions of each that the handler calls.
_READS = {"s3:GetObject*": "s3:GetObject", "s3:GetBucket*": "s3:GetBucketLocation", "s3:List*": "s3:ListBucket"}
_CHARTS = "the CDK grants a bucket of assets by prefix; the handler only reads charts and values from it"
_BY_DEPLOYMENTS = "CloudFormation alone calls it, synchronously, during deployments, and is notified of every failure"
_NO_RESERVATION = f"{_BY_DEPLOYMENTS}; a reservation is refused by accounts with the quota of 10 that new accounts have"


class FunctionRole(iam.Role):
    """A role of a function in the VPC that collects its grants in one managed policy.

    The CDK attaches AWS managed policies that can read every repository and write to every log group. This role ignores
    them until its function is complete, and has its own statements instead.
    """

    def __init__(self, scope: Construct, id: str, *, description: str) -> None:
        """Create a role that allows only the network interfaces of its function."""
        super().__init__(
            scope,
            id,
            description=description,
            assumed_by=cast("iam.IPrincipal", iam.ServicePrincipal("lambda.amazonaws.com")),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(INTERFACES)],
        )
        _accept_interfaces(self)
        self.complete = False
        """Whether the function is complete, so that policies attached from now on come from the user."""

    @cached_property
    def policy(self) -> iam.ManagedPolicy:
        """The managed policy with the grants. The first use creates it."""
        made = iam.ManagedPolicy(self, "Grants", roles=[self], description="What the kubectl handler may do")
        _accept_wildcards(made)
        return made

    @jsii.member(jsii_name="addManagedPolicy")
    def add_managed_policy(self, policy: iam.IManagedPolicy) -> None:
        """Attach a managed policy, unless the CDK itself attaches it."""
        if self.complete:
            super().add_managed_policy(policy)

    @jsii.member(jsii_name="addToPolicy")
    def add_to_policy(self, statement: iam.PolicyStatement) -> bool:
        """Add to the managed policy."""
        return bool(self.add_to_principal_policy(statement).statement_added)

    @jsii.member(jsii_name="addToPrincipalPolicy")
    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add to the managed policy. Grants on a bucket of assets are limited to the actions that the handler calls."""
        written = statement.to_json()
        actions = written.get("Action", [])
        if isinstance(actions, list) and set(actions) & set(_READS):
            written["Action"] = [_READS.get(action, action) for action in actions]
            resources = stack_of(self).resolve(written["Resource"])
            names = [_shown(one) for one in (resources if isinstance(resources, list) else [resources])]
            findings = [f"{_FINDING}-IAM5[Resource::{name}]" for name in names if "*" in name]
            acknowledge(self.policy, dict.fromkeys(findings, _CHARTS))
            statement = iam.PolicyStatement.from_json(written)
        self.policy.add_statements(statement)
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self.policy)

    def allow(self, statements: Sequence[dict[str, Any]]) -> None:
        """Add statements in IAM's JSON format."""
        given = [iam.PolicyStatement.from_json({"Effect": "Allow", **statement}) for statement in statements]
        self.policy.add_statements(*given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The resources that both functions share."""

    key: kms.IKey
    """The key that encrypts their variables."""
    log_name: str
    """Name of the log group."""
    log_arn: str
    """ARN of the log group."""
    subnet_ids: Sequence[str]
    security_group_id: str

    def harden(self, function: lambda_.CfnFunction, *, memory: int) -> None:
        """Place a function in the VPC, encrypt its variables and logs, trace it, and set its memory, in MiB."""
        function.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(self.subnet_ids), security_group_ids=[self.security_group_id]
        )
        function.kms_key_arn = key_arn_of(self.key)
        function.memory_size = memory
        function.add_property_override("TracingConfig.Mode", "Active")
        function.add_property_override("LoggingConfig.LogGroup", self.log_name)  # in addition to the CDK's log format
        acknowledge(function, dict(_accepted()))

    def rights(self) -> list[dict[str, Any]]:
        """Return the statements that the role of such a function needs."""
        return [
            {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": self.log_arn},
            {"Action": "kms:Decrypt", "Resource": key_arn_of(self.key)},
            {"Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments", "ec2:DescribeSubnets"], "Resource": "*"},
            not_by_code(),
        ]


def name_layer(layer: Construct) -> None:
    """Name a new layer without a name after its stack.

    CloudFormation names it only by its logical ID: stacks with the same construct would share one layer
    (https://github.com/aws/aws-cdk/issues/8742), and no role could be limited to its own layer.
    """
    resource = layer.node.default_child
    stack = stack_of(layer)
    if not isinstance(resource, lambda_.CfnLayerVersion) or stack.resolve(resource.layer_name):
        return
    logical_id = stack.get_logical_id(resource)
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    name = stack.stack_name
    both = hashlib.sha256(f"{cdk.Names.unique_id(layer)} of {name}".encode()).hexdigest()
    resource.layer_name = f"{name[:_OF_STACK]}-{logical_id[:_OF_ID]}-{both[:8]}"


def restrict(role: Construct, statements: Sequence[dict[str, Any]]) -> None:
    """Replace the permissions of a role that the CDK created by these and by those for its network interfaces."""
    policy = create(
        iam.CfnManagedPolicy,
        role,
        "Rights",
        description="What the caller of the kubectl handler may do",
        policy_document=document(*statements),
    )
    _accept_wildcards(policy)
    resource = cast("iam.CfnRole", node_of(role).default_child)
    resource.managed_policy_arns = [_aws.managed_policy(INTERFACES), policy.ref]
    _accept_interfaces(role)
    node_of(role).try_remove_child("DefaultPolicy")  # inline


def _accept_interfaces(role: Construct) -> None:
    acknowledge(role, {f"{_FINDING}-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{INTERFACES}]": WHY_INTERFACES})


def _accept_wildcards(policy: Construct) -> None:
    reason = "X-Ray, ec2:DescribeSubnets and ecr:GetAuthorizationToken take no resource ARN"
    acknowledge(policy, {f"{_FINDING}-IAM5[Resource::*]": reason})


def accept_runtime(function: lambda_.CfnFunction) -> None:
    """Accept the runtime that the CDK chose for a function."""
    reason = "the CDK runs its handler and the AWS CLI's layer on the runtime that it tests them with; AWS patches it"
    acknowledge(function, {f"{_FINDING}-L1": reason})


def _accepted() -> Iterator[tuple[str, str]]:
    for pack in ("NIST.800.53.R5", "HIPAA.Security"):
        yield f"{pack}::{pack}-LambdaConcurrency", _NO_RESERVATION
        yield f"{pack}::{pack}-LambdaDLQ", _BY_DEPLOYMENTS


def _shown(value: Any) -> str:
    """Return an ARN as cdk-nag prints it: references in angle brackets."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_shown(part) for part in argument[1])
    if function == "Fn::GetAtt":
        return f"<{'.'.join(argument)}>"
    text = argument if isinstance(argument, str) else argument[0]
    return f"<{text}>" if function == "Ref" else str(text).replace("${", "<").replace("}", ">")
