"""The little that the parts of a cluster know of it, and that a cluster knows of the compute in it.

Parts take a `ClusterLike` and import no cluster: the cluster is the facade on top of them (docs/adr/0005).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct, IDependable

    from hardened_eks.keys import Keys
    from hardened_eks.network import Network


@runtime_checkable
class ComputeLike(Protocol):
    """Something that runs pods: a managed node group, nodes of your own, a Fargate profile.

    `Cluster.register_nodes` takes it: the cluster makes it wait for what nodes need, and lets the add-ons that run as
    pods wait for it.
    """

    @property
    def resource(self) -> IDependable:
        """The resource that the cluster's add-ons wait for."""

    def wait_for(self, *needed: IDependable) -> None:
        """Create the compute after what it needs: add-ons of the nodes, security group rules, endpoints and routes."""


class ClusterLike(Protocol):
    """What node groups, add-ons, access entries and pod roles need of a cluster, created here or elsewhere."""

    @property
    def name(self) -> str:
        """Name of the cluster."""

    @property
    def arn(self) -> str:
        """ARN of the cluster."""

    @property
    def ref(self) -> str:
        """The name as a reference: a resource that uses it is created after the cluster."""

    @property
    def version(self) -> str | None:
        """Kubernetes version; None if it is not known."""

    @property
    def network(self) -> Network:
        """The network of the cluster."""

    @property
    def keys(self) -> Keys:
        """The keys of the cluster."""

    @property
    def endpoint(self) -> str:
        """URL of the Kubernetes API."""

    @property
    def certificate_authority(self) -> str:
        """Certificate authority of the API, in base64."""

    @property
    def service_cidr(self) -> str | None:
        """IPv4 block of the Kubernetes services; None if it is not known before deployment."""

    @property
    def security_group_id(self) -> str:
        """ID of the security group of the control plane's network interfaces."""

    @property
    def node_security_group_id(self) -> str:
        """ID of the security group that the nodes of the cluster share."""

    @property
    def node_security_group(self) -> ec2.ISecurityGroup:
        """The security group that the nodes of the cluster share."""

    def admit_fargate(self) -> list[IDependable]:
        """Let pods on Fargate reach the VPC endpoints, and nodes and pods on Fargate each other.

        Returns:
            The rules; empty where the security group that EKS created for the cluster is not known.
        """

    @property
    def oidc_issuer(self) -> str:
        """URL of the cluster's OIDC issuer."""

    @property
    def oidc_provider_arn(self) -> str:
        """ARN of the IAM OIDC provider for the issuer."""

    def lacks_addon(self, name: str) -> bool:
        """Return whether the cluster goes without an add-on, as far as that is known here."""

    def unknown(self, *needed: str) -> Iterator[str]:
        """Yield a problem for each of the named properties that is not known; of a cluster created elsewhere."""

    def nodes_problems(self, scope: Construct, *, awaited: bool = True) -> Iterator[str]:
        """Yield why compute cannot be created in a scope.

        Args:
            scope: where it would go.
            awaited: add-ons wait for it. Default: they do.
        """

    def register_nodes(self, nodes: ComputeLike | IDependable, *, scope: Construct | None = None) -> None:
        """Put compute into its place in the order: after what it needs, before the add-ons that run on it.

        Args:
            nodes: the compute.
            scope: where it was created. Default: in the cluster's own stack.
        """
