"""Permissions of the role that quarantines a node."""

from __future__ import annotations

from typing import Any

from hardened_eks import _aws
from hardened_eks.response._node_states import TAG


def rights(cluster: str, vpc_id: str, *, isolation: str, transit: str, volumes_key: str) -> list[dict[str, Any]]:
    of_cluster = {f"aws:ResourceTag/kubernetes.io/cluster/{cluster}": "owned"}
    instances, snapshots = _aws.arn("ec2", "instance/*"), f"arn:{_aws.partition()}:ec2:{_aws.region()}::snapshot/*"
    through_ec2 = _aws.through("ec2")
    return [
        {
            "Sid": "KeepNode",
            "Action": ["ec2:ModifyInstanceAttribute", "ec2:CreateSnapshots"],
            "Resource": instances,
            "Condition": {"StringEquals": of_cluster},
        },
        {
            "Sid": "MarkNode",
            "Action": "ec2:CreateTags",
            "Resource": instances,
            "Condition": {"StringEquals": of_cluster, "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]}},
        },
        {
            "Sid": "DetachNode",
            "Action": "autoscaling:DetachInstances",
            "Resource": _aws.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
            "Condition": {"StringEquals": of_cluster},
        },
        # Interfaces do not have the cluster's tags. They can be moved only within its VPC, and only into these groups.
        {
            "Sid": "MoveInterfaces",
            "Action": "ec2:ModifyNetworkInterfaceAttribute",
            "Resource": _aws.arn("ec2", "network-interface/*"),
            "Condition": {"ArnEquals": {"ec2:Vpc": _aws.arn("ec2", f"vpc/{vpc_id}")}},
        },
        {
            "Sid": "IntoQuarantine",
            "Action": "ec2:ModifyNetworkInterfaceAttribute",
            "Resource": [_aws.arn("ec2", f"security-group/{group}") for group in (isolation, transit)],
        },
        {
            "Sid": "Untrack",
            "Action": [
                f"ec2:{verb}SecurityGroup{direction}"
                for verb in ("Authorize", "Revoke")
                for direction in ("Ingress", "Egress")
            ],
            "Resource": _aws.arn("ec2", f"security-group/{transit}"),
        },
        # EC2 also checks the instance, with KeepNode, so these can only be volumes of a node.
        {"Sid": "ReadVolumes", "Action": "ec2:CreateSnapshots", "Resource": _aws.arn("ec2", "volume/*")},
        {
            "Sid": "NewSnapshots",
            "Action": "ec2:CreateSnapshots",
            "Resource": snapshots,
            "Condition": {"Null": {f"aws:RequestTag/{TAG}": "false"}},
        },
        {
            "Sid": "MarkSnapshots",
            "Action": "ec2:CreateTags",
            "Resource": snapshots,
            "Condition": {"StringEquals": {"ec2:CreateAction": "CreateSnapshots"}},
        },
        # https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
        {
            "Sid": "EncryptSnapshots",
            "Action": ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
            "Resource": volumes_key,
            "Condition": through_ec2,
        },
        {
            "Sid": "EncryptSnapshotsLater",
            "Action": "kms:CreateGrant",
            "Resource": volumes_key,
            "Condition": {**through_ec2, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
