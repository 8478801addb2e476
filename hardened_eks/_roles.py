"""IAM roles as L1 resources with policy documents: one call into Node for each resource."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct


NO_FOREIGN_GRANTS: Final[Mapping[str, Any]] = {
    "Sid": "GrantsForAwsServicesOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "kms:CreateGrant",
    "Resource": "*",
    "Condition": {"BoolIfExists": {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}},
}
"""Only AWS services may create grants on a key, in the form that Control Tower CT.KMS.PR.3 requires:
https://docs.aws.amazon.com/controltower/latest/controlreference/kms-rules.html#ct-kms-pr-3-description"""
INTERFACES: Final = "service-role/AWSLambdaENIManagementAccess"
"""The policy with which Lambda creates the network interfaces of a function in a VPC."""
WHY_INTERFACES: Final = (
    "the network interfaces of a function in a VPC, as AWS maintains them; its code is denied their use"
)


def not_by_code() -> dict[str, Any]:
    """Return the statement that denies the code of functions what Lambda does with their role, the interfaces.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
    """
    return {
        "Effect": "Deny",
        "Action": [
            "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
            "ec2:DetachNetworkInterface",
        ],
        "Resource": "*",
        "Condition": {"ArnLike": {"lambda:SourceFunctionArn": _aws.arn("lambda", "function:*")}},
    }  # fmt: skip


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy document with statements in IAM's JSON format."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]}


def shared(*statements: Mapping[str, Any]) -> cdk.IResolvable:
    """Return a policy document that many resources have: Node gets it once. Keep it, for example with `cache`.

    A document costs as much as the rest of its resource, because jsii takes apart each of its values.
    """
    return cdk.Token.as_any(document(*statements))


@cache
def trust_of(service: str) -> cdk.IResolvable:
    """Return the trust policy that admits one service, shared by all roles of the app."""
    return shared({"Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def role(
    scope: Construct,
    id: str,
    *,
    description: str,
    trust: Mapping[str, Any] | cdk.IResolvable,
    aws_policies: Mapping[str, str],
    statements: Sequence[Mapping[str, Any]] = (),
    wildcard: str = "",
    accepted: Mapping[str, str] | None = None,
) -> iam.CfnRole:
    """Create a role.

    Args:
        scope: the parent construct.
        id: construct ID. The managed policy with `statements` has the ID ``<id>Policy``.
        description: description that the console shows.
        trust: the trust policy.
        aws_policies: reasons for AWS managed policies, by path and name.
        statements: further permissions, in a managed policy, because auditors' packs refuse inline policies. Default:
            none.
        wildcard: reason for a statement that names every resource. Default: no statement does.
        accepted: reasons for further findings on the statements, by finding. Default: none.
    """
    policies: list[str | iam.CfnManagedPolicy] = [_aws.managed_policy(name) for name in aws_policies]
    if statements:
        policy = create(
            iam.CfnManagedPolicy, scope, f"{id}Policy", description=description, policy_document=document(*statements)
        )
        policies.append(policy)
        reasons = {"AwsSolutions::AwsSolutions-IAM5[Resource::*]": wildcard} if wildcard else {}
        if reasons := {**reasons, **(accepted or {})}:
            acknowledge(policy, reasons)
    made = create(
        iam.CfnRole,
        scope,
        id,
        description=description,
        assume_role_policy_document=trust,
        managed_policy_arns=policies or None,
    )
    if aws_policies:
        acknowledge(made, {_finding(name): reason for name, reason in aws_policies.items()})
    return made


def _finding(name: str) -> str:
    return f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"
