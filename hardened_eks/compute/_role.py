"""The role of EC2 instances, with least privilege."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._roles import role, trust_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

# https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
_NODE = {
    "AmazonEKSWorkerNodePolicy": "what a kubelet needs, maintained by AWS",
    "AmazonEC2ContainerRegistryPullOnly": "pulling images, maintained by AWS",
}
_SESSIONS = {"AmazonSSMManagedInstanceCore": "session_manager=True lets operators reach nodes through SSM"}


def machine_role(
    scope: Construct,
    *,
    description: str,
    aws_policies: Mapping[str, str],
    statements: Sequence[Mapping[str, Any]] = (),
    wildcard: str = "",
) -> iam.CfnRole:
    """Create a role for EC2 instances. `hardened_eks._roles.role` describes the arguments."""
    return role(
        scope,
        "Role",
        description=description,
        # In every partition: the European Sovereign Cloud refuses ec2.amazonaws.eu (pulumi-eks#2341), and the CDK has
        # the same name for China and the isolated Regions (aws-cdk#22589).
        trust=trust_of("ec2.amazonaws.com"),
        aws_policies=aws_policies,
        statements=statements,
        wildcard=wildcard,
    )


def node_role(scope: Construct, *, cluster_name: str, session_manager: bool) -> iam.CfnRole:
    """Create the role of nodes, which can join the cluster and pull images.

    Args:
        scope: the parent construct.
        cluster_name: name of the cluster, for its description.
        session_manager: also allow SSM sessions on the nodes.
    """
    return machine_role(
        scope,
        description=f"Nodes of EKS cluster {cluster_name}",
        aws_policies={**_NODE, **(_SESSIONS if session_manager else {})},
    )
