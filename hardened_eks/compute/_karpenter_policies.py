"""Permissions of Karpenter's controller: the statements of its own template, without the parts that are not used here.

Left out: creating instance profiles (one is given), capacity reservations, placement groups and zonal shifts, and
prices in an isolated network. Narrower: subnets, the security group, the instance profile and the account are named.
Each part fits a managed policy of 6,144 characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks.data.karpenter import CREATED, DESCRIBE, INSTANCE_TAGS, QUEUE

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAUNCH = ["ec2:RunInstances", "ec2:CreateFleet"]
_POOL = "karpenter.sh/nodepool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The resources that the controller uses."""

    cluster_name: str
    cluster_arn: str
    subnet_ids: Sequence[str]
    subnets_account: str
    """ID of the account of the subnets; ``*`` if another account may share them."""
    security_group_id: str
    role_arn: str
    """ARN of the node role."""
    profile_arn: str
    """ARN of the instance profile."""
    volumes_key_arn: str
    queue_arn: str
    queue_key_arn: str
    isolated: bool
    """Whether the VPC has no internet access."""


def _ec2(*kinds: str) -> list[str]:
    return [_aws.arn("ec2", f"{kind}/*") for kind in kinds]


def _tagged(key: str, cluster_name: str, **more: Any) -> dict[str, Any]:
    equals = {f"{key}/kubernetes.io/cluster/{cluster_name}": "owned", **more}
    return {"StringEquals": equals, "StringLike": {f"{key}/{_POOL}": "*"}}


def launching(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements to start nodes, with the tags, subnets and security group of this cluster."""
    name, account = reach.cluster_name, reach.subnets_account
    named = {"aws:RequestTag/eks:eks-cluster-name": name}
    place = f"arn:{_aws.partition()}:ec2:{_aws.region()}"
    return [
        {
            "Action": _LAUNCH,
            "Resource": [
                *(f"{place}::{kind}/*" for kind in ("image", "snapshot")),
                *(f"{place}:{account}:subnet/{id_}" for id_ in reach.subnet_ids),
                f"{place}:{_aws.account()}:security-group/{reach.security_group_id}",
            ],
        },
        {"Action": _LAUNCH, "Resource": _ec2("launch-template"), "Condition": _tagged("aws:ResourceTag", name)},
        {
            "Action": [*_LAUNCH, "ec2:CreateLaunchTemplate"],
            "Resource": _ec2(*CREATED),
            "Condition": _tagged("aws:RequestTag", name, **named),
        },
        {
            "Action": "ec2:CreateTags",
            "Resource": _ec2(*CREATED),
            "Condition": _tagged(
                "aws:RequestTag",
                name,
                **named,
                **{"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]},
            ),
        },
    ]


def keeping(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements to tag and terminate nodes, pass their role, and encrypt their volumes."""
    own = _tagged("aws:ResourceTag", reach.cluster_name)
    named = {"aws:RequestTag/eks:eks-cluster-name": reach.cluster_name}
    return [
        {
            "Action": "ec2:CreateTags",
            "Resource": _ec2("instance"),
            "Condition": {
                **own,
                "StringEqualsIfExists": named,
                "ForAllValues:StringEquals": {"aws:TagKeys": list(INSTANCE_TAGS)},
            },
        },
        {
            "Action": ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            "Resource": _ec2("instance", "launch-template"),
            "Condition": own,
        },
        {
            "Action": "iam:PassRole",
            "Resource": reach.role_arn,
            "Condition": {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}},
        },
        *_volumes(reach.volumes_key_arn),
    ]


def _volumes(key_arn: str) -> list[dict[str, Any]]:
    # The principal that launches an instance encrypts its volumes: https://karpenter.sh/docs/troubleshooting/
    # (Node terminates before ready on failed encrypted EBS volume)
    via = _aws.through("ec2")
    return [
        {
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            "Resource": key_arn,
            "Condition": via,
        },
        {
            "Action": "kms:CreateGrant",
            "Resource": key_arn,
            "Condition": {**via, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def looking(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on the resources that Karpenter reads, and on the queue."""
    prices = [] if reach.isolated else ["pricing:GetProducts"]
    return [
        {
            "Action": list(DESCRIBE),
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": _aws.region()}},
        },
        {
            "Action": "ssm:GetParameter",
            "Resource": f"arn:{_aws.partition()}:ssm:{_aws.region()}::parameter/aws/service/bottlerocket/*",
        },
        {"Action": ["iam:ListInstanceProfiles", *prices], "Resource": "*"},
        {"Action": "iam:GetInstanceProfile", "Resource": reach.profile_arn},
        {"Action": "eks:DescribeCluster", "Resource": reach.cluster_arn},
        {"Action": list(QUEUE), "Resource": reach.queue_arn},
        {"Action": "kms:Decrypt", "Resource": reach.queue_key_arn},
    ]


def wildcards(statements: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the findings of cdk-nag on these statements, and the reason why each is accepted."""
    found: dict[str, str] = {}
    for statement in statements:
        resources = statement["Resource"]
        for resource in [resources] if isinstance(resources, str) else resources:
            if "*" in resource:
                written = _as_written(resource)
                found[f"AwsSolutions::AwsSolutions-IAM5[Resource::{written}]"] = (
                    "the resources of nodes have no name before they exist; the tags of the cluster and of the pool "
                    "limit them, and AWS owns the images and parameters"
                    if resource != "*"
                    else "these read actions take no resource ARN"
                )
    return found


def _as_written(resource: str) -> str:
    names = {_aws.partition(): "Partition", _aws.region(): "Region", _aws.account(): "AccountId"}
    for token, name in names.items():
        resource = resource.replace(token, f"<AWS::{name}>")
    return resource
