"""The protocols through which the parts of a cluster use the cluster, and the cluster uses its compute.

Parts accept a `ClusterLike` and do not import the cluster, which is the facade on top of them (docs/adr/0005).
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
    """Compute that runs pods: a managed node group, self-managed nodes, a Fargate profile.

    `Cluster.register_nodes` accepts it: the compute then waits for the resources that nodes need, and the add-ons that
    run as pods wait for the compute.
    """

    @property
    def resource(self) -> IDependable:
        """The resource for which the cluster's add-ons wait."""

    def wait_for(self, *needed: IDependable) -> None:
        """Create the compute after the resources that it needs.

        Args:
            *needed: these resources: add-ons of the nodes, security group rules, endpoints and routes.
        """


class ClusterLike(Protocol):
    """The attributes of a new or imported cluster that node groups, add-ons, access entries and pod roles need."""

    @property
    def name(self) -> str:
        """Name of the cluster."""

    @property
    def arn(self) -> str:
        """ARN of the cluster."""

    @property
    def ref(self) -> str:
        """The name of the cluster as a reference. A resource that uses it is created after the cluster."""

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
        """Let pods on Fargate reach the VPC endpoints, and let nodes and these pods reach each other.

        Returns:
            The rules; empty if the security group that EKS created for the cluster is not known.
        """

    @property
    def oidc_issuer(self) -> str:
        """URL of the cluster's OIDC issuer."""

    @property
    def oidc_provider_arn(self) -> str:
        """ARN of the IAM OIDC provider for the issuer."""

    def lacks_addon(self, name: str) -> bool:
        """Return whether the cluster is known not to have an add-on.

        Args:
            name: name of the add-on in EKS.
        """

    def unknown(self, *needed: str) -> Iterator[str]:
        """Yield why required attributes are not known. Only an imported cluster can lack some.

        Args:
            *needed: names of the attributes, for example ``network``.

        Returns:
            One message for each attribute that is not known.
        """

    def nodes_problems(self, scope: Construct, *, awaited: bool = True) -> Iterator[str]:
        """Yield why compute cannot be created in a scope.

        Args:
            scope: the parent construct of the compute.
            awaited: whether add-ons wait for it. Default: yes.

        Returns:
            One message for each reason.
        """

    def register_nodes(self, nodes: ComputeLike | IDependable, *, scope: Construct | None = None) -> None:
        """Order compute after the resources that it needs, and before the add-ons that run on it.

        Args:
            nodes: the compute.
            scope: the parent construct of the compute. Default: the cluster.
        """
