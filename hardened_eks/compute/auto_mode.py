"""EKS Auto Mode: AWS starts, patches and drains the nodes of custom pools."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of, stack_of
from hardened_eks._kinds import flag_problems
from hardened_eks._l1 import create
from hardened_eks._tokens import is_literal
from hardened_eks.baseline.auto_mode import AutoModePool, auto_mode_objects
from hardened_eks.compute._arguments import size_problems
from hardened_eks.compute._nodes import NO_WAY_TO_FIPS
from hardened_eks.compute._role import machine_role
from hardened_eks.data import auto_mode
from hardened_eks.errors import Problems, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks._cluster_like import ClusterLike

# Reasons for each policy of hardened_eks/data/auto_mode.json; every cluster has the first one.
CLUSTER_POLICIES: Final[Mapping[str, str]] = {
    "AmazonEKSComputePolicy": "Auto Mode starts and ends nodes, by AWS's policy: on what carries the cluster's tag",
    "AmazonEKSBlockStoragePolicy": "Auto Mode creates the volumes of pods, by AWS's policy",
    "AmazonEKSLoadBalancingPolicy": "Auto Mode creates the load balancers of services, by AWS's policy",
    "AmazonEKSNetworkingPolicy": "Auto Mode creates the network interfaces of pods, by AWS's policy",
}
_NODE = {
    "AmazonEKSWorkerNodeMinimalPolicy": "what a node of Auto Mode needs, maintained by AWS",
    "AmazonEC2ContainerRegistryPullOnly": "pulling images, maintained by AWS",
}
# https://docs.aws.amazon.com/eks/latest/userguide/auto-advanced-security.html
_WITH_FIPS = ("us-", "ca-")
_NOTHING_RUNS = (
    "no pod runs in this cluster before you apply the objects in the stack's output {output}: first the baseline's "
    "network policies (`hardened-eks manifests`), without which nodes deny all traffic of pods, then the output, whose "
    "NodeClass and NodePools start nodes (docs/how-to/choose-nodes.md, Auto Mode). Then set AutoMode(applied=True)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoMode:
    """Settings of EKS Auto Mode, in which AWS runs the nodes; an argument of `Cluster`.

    The built-in node pools stay off, because their nodes do not use your key and deny no traffic. The cluster's custom
    pools are Kubernetes objects, which are in `AutoModeNodes.objects` and in an output of the stack.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    pools: Sequence[AutoModePool] = field(default_factory=lambda: (AutoModePool(),))
    """The node pools. Default: one pool of on-demand arm64 nodes with up to 100 vCPUs."""
    disk_gib: int = 80
    """Size of a node's data volume, in GiB, encrypted with the volumes key. Default: 80."""
    fips: bool = False
    """Whether to use images with FIPS 140 validated cryptography, which exist only in Regions of the United States and
    Canada. Default: no."""
    other_nodes: bool = False
    """Whether the cluster also has node groups or Fargate profiles, which need the add-ons that Auto Mode replaces on
    its own nodes. Default: no; those add-ons are left out, and other compute is refused."""
    applied: bool = False
    """Whether the objects are applied, so that nodes can start and add-ons that run as pods can be created. Default:
    no; a warning during synthesis lists the objects to apply."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("AutoMode")
        if not isinstance(self.pools, list | tuple) or not all(isinstance(pool, AutoModePool) for pool in self.pools):
            problems.add(f"pools needs a list of AutoModePool, got {self.pools!r}")
        else:
            problems.require(self.pools, "pools needs at least one AutoModePool, got none: no pod could run")
            problems.extend(f"pools has {name!r} twice" for name in repeated([pool.name for pool in self.pools]))
        problems.extend(size_problems(self.disk_gib))
        problems.extend(flag_problems(fips=self.fips, other_nodes=self.other_nodes, applied=self.applied))
        problems.raise_any()

    def region_problems(self, region: str) -> Iterator[str]:
        """Yield why the nodes are not available in a Region.

        Args:
            region: the Region of the stack.

        Returns:
            One message for each reason.
        """
        if self.fips and is_literal(region) and not region.startswith(_WITH_FIPS):
            yield f"auto_mode has fips=True, and Auto Mode has no FIPS image in {region}: leave it out"


class AutoModeNodes(Construct):
    """The AWS resources of Auto Mode's nodes, which `Cluster` creates."""

    objects: list[dict[str, Any]]
    """The Kubernetes objects that start nodes, in the order in which to apply them. They contain tokens for values that
    are known only at deployment, which manifests of the CDK accept."""
    role_arn: str
    """ARN of the node role."""

    def __init__(self, scope: Construct, id: str, *, cluster: ClusterLike, settings: AutoMode) -> None:
        """Create the node role, its access entry, and the output with the objects to apply.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster, with Auto Mode on.
            settings: the settings of Auto Mode.
        """
        super().__init__(scope, id)
        _owner.tag(self, scope)
        role = machine_role(self, description=f"Auto Mode nodes of EKS cluster {cluster.name}", aws_policies=_NODE)
        self.role_arn = role.attr_arn
        self.entry = self._make_entry(cluster)
        """The access entry that lets the nodes join."""
        self.objects = auto_mode_objects(
            role=role.ref,
            subnet_ids=cluster.network.node_subnet_ids,
            security_group_id=cluster.node_security_group_id,
            volumes_key_arn=key_arn_of(cluster.keys.volumes),
            pools=settings.pools,
            fips=settings.fips,
            disk_gib=settings.disk_gib,
        )
        # Auto Mode admits its load balancers to the nodes, and AmazonEKSLoadBalancingPolicy requires this tag for it:
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEKSLoadBalancingPolicy.html
        cdk.Tags.of(cluster.node_security_group).add(auto_mode.TAG, cluster.name)
        output = self._make_output(cluster)
        annotations = cdk.Annotations.of(self)
        if not settings.applied:
            name = stack_of(self).get_logical_id(output)
            annotations.add_warning_v2("hardened-eks:auto-mode-manifests", _NOTHING_RUNS.format(output=name))
        if settings.fips and cluster.network.isolated:
            annotations.add_warning_v2("hardened-eks:fips-without-a-way-out", NO_WAY_TO_FIPS)

    def _make_entry(self, cluster: ClusterLike) -> eks.CfnAccessEntry:
        # EKS creates one for the role of its built-in pools only.
        return create(
            eks.CfnAccessEntry,
            self,
            "Entry",
            cluster_name=cluster.ref,
            principal_arn=self.role_arn,
            type="EC2",
            access_policies=[
                {
                    "accessScope": {"type": "cluster"},
                    "policyArn": f"arn:{_aws.partition()}:eks::aws:cluster-access-policy/{auto_mode.ACCESS}",
                }
            ],
        )

    def _make_output(self, cluster: ClusterLike) -> cdk.CfnOutput:
        listed = {"apiVersion": "v1", "kind": "List", "items": self.objects}
        return create(
            cdk.CfnOutput,
            self,
            "Manifests",
            description=f"Starts nodes: apply to cluster {cluster.name} with kubectl, after the baseline's policies",
            value=stack_of(self).to_json_string(listed),
        )


REPLACED: Final = (
    "Auto Mode provides it on its own nodes: leave it out, or pass AutoMode(other_nodes=True) if the cluster has other "
    "nodes, too"
)


def replaced(addon: str) -> bool:
    """Return whether Auto Mode provides the functions of an add-on on its own nodes.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
    """
    return addon in _REPLACED


_REPLACED: Final = frozenset(
    {
        "vpc-cni",
        "kube-proxy",
        "coredns",
        "aws-ebs-csi-driver",
        "eks-pod-identity-agent",
        "eks-node-monitoring-agent",
    }
)
