"""AWS managed policies that the library attaches, as AWS published them: the statements that the threat model is about.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html, read on 2026-11-29:
AmazonEKSWorkerNodePolicy v3, AmazonEC2ContainerRegistryPullOnly v1, AmazonEKS_CNI_Policy v5, AmazonEBSCSIDriverPolicy
(v4 and later). Statements of the last one that demand the driver's own tags are left out but for deletion.
"""

from typing import Any


def _allow(actions: list[str], resources: list[str] | str = "*", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def _ec2(*kinds: str) -> list[str]:
    return [f"arn:aws:ec2:*:*:{kind}/*" for kind in kinds]


_DESCRIBES = [
    "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeTags",
    "ec2:DescribeVolumes", "ec2:DescribeVolumesModifications",
]  # fmt: skip
POLICIES: dict[str, list[dict[str, Any]]] = {
    "AmazonEKSWorkerNodePolicy": [_allow([
        "ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets", "ec2:DescribeVolumes", "ec2:DescribeVolumesModifications", "ec2:DescribeVpcs",
        "eks:DescribeCluster", "eks-auth:AssumeRoleForPodIdentity",
    ])],
    "AmazonEC2ContainerRegistryPullOnly": [_allow([
        "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchImportUpstreamImage",
    ])],
    "AmazonEKS_CNI_Policy": [
        _allow([
            "ec2:AssignPrivateIpAddresses", "ec2:AttachNetworkInterface", "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface", "ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeInstanceTypes", "ec2:DescribeSubnets", "ec2:DetachNetworkInterface",
            "ec2:ModifyNetworkInterfaceAttribute", "ec2:UnassignPrivateIpAddresses",
        ]),
        _allow(["ec2:CreateTags"], _ec2("network-interface")),
    ],
    "AmazonEBSCSIDriverPolicy": [
        _allow(_DESCRIBES),
        _allow(["ec2:CreateSnapshot", "ec2:ModifyVolume"], _ec2("volume")),
        _allow(["ec2:AttachVolume", "ec2:DetachVolume"], _ec2("volume", "instance")),
        _allow(["ec2:CreateVolume", "ec2:EnableFastSnapshotRestores"], _ec2("snapshot")),
        _allow(["ec2:DeleteVolume"], _ec2("volume"), StringLike={"ec2:ResourceTag/ebs.csi.aws.com/cluster": "true"}),
    ],
}  # fmt: skip
