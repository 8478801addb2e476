"""The identity of a cluster, and the order in which its parts are created."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import inherit, stack_of
from hardened_eks._cluster_like import ComputeLike
from hardened_eks._kinds import CLUSTER, DEPENDABLE, is_a, problems_in
from hardened_eks._traces import leave_out_useless
from hardened_eks.cluster import _security_groups

if TYPE_CHECKING:
    # pyright does not accept a cached property as a property of a protocol: a Cluster would not be a ClusterLike.
    from builtins import property as cached_property
    from collections.abc import Iterator

    from constructs import IDependable

    from hardened_eks._views import Taggable
    from hardened_eks.addons import Addon
    from hardened_eks.cluster._default_addons import DefaultAddons
    from hardened_eks.compute.auto_mode import AutoMode
    from hardened_eks.keys import Keys
    from hardened_eks.network import Network
    from hardened_eks.network._security_group import SecurityGroup
else:
    from functools import cached_property


class _Part(Construct):
    """A part of a cluster, whose resources get the cluster's owner tag."""


@CLUSTER.own
@jsii.implements(ec2.IConnectable)
class ClusterCore(Construct):
    """Identity, security groups and order of a cluster. `ClusterBase` adds the parts."""

    name: str
    """Name of the cluster."""
    arn: str
    """ARN of the cluster."""
    version: str | None
    """Kubernetes version, such as ``1.37``; None if it is not known."""

    def __init__(self, scope: Construct, id: str, *, name: str, arn: str, version: str | None) -> None:
        """Create the scope. Subclasses create its content."""
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.name = name
        self.arn = arn
        self.version = version
        self.addons: dict[str, Addon] = {}
        """The add-ons created so far, by name."""
        self._has_nodes = False
        self._fargate_security: Construct | None = None
        self._default_addons: DefaultAddons | None = None  # an imported cluster has its own

    @property
    @abstractmethod
    def ref(self) -> str:
        """The name of the cluster as a reference. A resource that uses it waits for the cluster."""

    @property
    @abstractmethod
    def network(self) -> Network:
        """The network of the cluster."""

    @property
    @abstractmethod
    def keys(self) -> Keys:
        """The keys of the cluster."""

    @property
    @abstractmethod
    def security_group(self) -> ec2.ISecurityGroup:
        """The security group of the control plane's network interfaces."""

    @property
    @abstractmethod
    def oidc_issuer(self) -> str:
        """URL of the cluster's OIDC issuer."""

    @property
    @abstractmethod
    def oidc_provider_arn(self) -> str:
        """ARN of the IAM OIDC provider for the cluster's issuer. For a new cluster, the first use creates it."""

    @property
    @abstractmethod
    def endpoint(self) -> str:
        """URL of the Kubernetes API."""

    @property
    @abstractmethod
    def certificate_authority(self) -> str:
        """The API's certificate authority, in base64."""

    @property
    def service_cidr(self) -> str | None:
        """IPv4 block of the Kubernetes services; None if it is not known before deployment."""
        return None

    def unknown(self, *needed: str) -> Iterator[str]:  # noqa: ARG002 - a new cluster has all
        """Yield why required attributes are not known. Only an imported cluster can lack some.

        Args:
            *needed: names of the attributes, for example ``network``.

        Returns:
            One message for each attribute that is not known.
        """
        yield from ()

    def lacks_addon(self, name: str) -> bool:
        """Return whether the cluster lacks an add-on. For an imported cluster, this is not known.

        Args:
            name: name of the add-on in EKS.

        Returns:
            True if the cluster is known not to have it.
        """
        made = self._default_addons
        return made is not None and name not in {*self.addons, *made.to_come}

    @property
    def security_group_id(self) -> str:
        """ID of the security group of the control plane."""
        return self.security_group.security_group_id

    @cached_property
    def _node_security(self) -> Construct:
        return Construct(self, "NodeSecurity")  # unlike the cluster, it is complete when the network adds rules to it

    @cached_property
    def _nodes(self) -> SecurityGroup:
        return _security_groups.nodes(
            self._node_security,
            cluster_name=self.name,
            network=self.network,
            control_plane_id=self.security_group_id,
            other_nodes_id=self._other_nodes_id,
        )

    def admit_fargate(self) -> list[IDependable]:
        """Let pods on Fargate reach the VPC endpoints, and let nodes and these pods reach each other.

        These pods have the security group that EKS created for the cluster, unless a SecurityGroupPolicy names another.

        Returns:
            The rules; empty if that security group is not known.
        """
        group_id = self._cluster_security_group_id
        if group_id is None:
            return []
        if self._fargate_security is None:
            scope = self._fargate_security = _Part(self, "FargateSecurity")
            self.network.admit(ec2.SecurityGroup.from_security_group_id(scope, "SecurityGroup", group_id))
            if "_nodes" in vars(self):
                _security_groups.admit_others(self._node_security, self.node_security_group_id, group_id)
        return [self._fargate_security]

    @property
    def _cluster_security_group_id(self) -> str | None:
        return None  # of a cluster that was created elsewhere

    @property
    def _auto_mode(self) -> AutoMode | None:
        return None  # of a cluster that was created elsewhere

    @property
    def _tags_go_to(self) -> Taggable | None:
        return None  # of a cluster that was created elsewhere

    @property
    def _other_nodes_id(self) -> str | None:
        if self._fargate_security is None:
            return None  # all nodes share one group
        return self._cluster_security_group_id

    @property
    def node_security_group(self) -> ec2.ISecurityGroup:
        """The security group that all node groups of the cluster share. The first use creates it."""
        return self._nodes.view

    @property
    def node_security_group_id(self) -> str:
        """ID of the security group that the nodes share."""
        return self._nodes.group_id

    @property
    @jsii.member(jsii_name="connections")
    def connections(self) -> ec2.Connections:
        """Connections of the Kubernetes API (TCP 443), for ``host.connections.allow_to_default_port(cluster)``."""
        return self._connections

    @cached_property
    def _connections(self) -> ec2.Connections:
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(443))

    @cached_property
    def _before_nodes(self) -> Construct:
        return self._part("BeforeNodes")

    @cached_property
    def _after_nodes(self) -> Construct:
        return self._part("AfterNodes")

    def _part(self, id: str) -> _Part:
        part = _Part(self, id)
        inherit(part, self)
        return part

    def _make_addons_on_nodes(self) -> None:
        """Create the default add-ons that run on nodes, if they do not exist yet."""
        if self._default_addons is not None:
            made = self._default_addons.on_nodes(self, self._after_nodes)
            self.addons.update({addon.name: addon for addon in made})

    @property
    def nodes_ready(self) -> list[IDependable]:
        """The resources that must exist before and as long as nodes exist.

        These are the add-ons that nodes need to become ready, the rules of the shared security group if nodes use it,
        endpoints and routes.
        """
        rules = [self._node_security] if "_node_security" in vars(self) else []
        return [self._before_nodes, *rules, *self.network.ready]

    def waits_for(self, scope: Construct) -> bool:
        """Return whether add-ons can wait for nodes in a scope, which must be in the stack of the cluster.

        Args:
            scope: the parent construct of the nodes.
        """
        return scope is self or _outermost_stack(scope) == _outermost_stack(self)

    def nodes_problems(self, scope: Construct, *, awaited: bool = True) -> Iterator[str]:
        """Yield why compute cannot be created in a scope.

        Args:
            scope: the parent construct of the compute.
            awaited: whether add-ons wait for it. Default: yes.

        Returns:
            One message for each reason.
        """
        auto = self._auto_mode
        if auto is not None and not auto.other_nodes:
            yield (
                "Auto Mode runs the nodes of this cluster, and other nodes need the add-ons that it leaves out: pass "
                "AutoMode(other_nodes=True)"
            )
        if not awaited or self._has_nodes or not isinstance(scope, Construct) or self.waits_for(scope):
            return
        here, there = _outermost_stack(scope), _outermost_stack(self)
        yield (
            f"the stack {here!r} waits for the cluster's, {there!r}, whose add-ons wait for their first nodes: add a "
            f"node group in {there!r} first, or use Cluster.from_cluster_attributes in {here!r}"
        )

    def register_nodes(self, nodes: ComputeLike | IDependable, *, scope: Construct | None = None) -> None:
        """Let add-ons that run on nodes wait for these nodes.

        Args:
            nodes: a `ComputeLike`, or any construct that creates nodes. A `ComputeLike` also waits for the resources
                that nodes need. Node groups of this library call this method themselves.
            scope: the parent construct of the nodes. Add-ons do not wait for nodes of another stack, because that stack
                waits for the cluster's. Default: the cluster.

        Raises:
            ConfigurationError: `nodes` is not a construct.
        """
        problems = problems_in(self if scope is None else scope, f"register_nodes of cluster '{self.name}'")
        resource = getattr(nodes, "resource", nodes)
        problems.require(
            is_a(DEPENDABLE, resource),
            f"nodes needs a NodeGroup or another construct that creates nodes, got {nodes!r}",
        )
        problems.raise_any()
        if isinstance(nodes, ComputeLike):
            nodes.wait_for(*self.nodes_ready)
        if scope is None or self.waits_for(scope):
            self._has_nodes = True
            self._make_addons_on_nodes()
            self._after_nodes.node.add_dependency(resource)


def _outermost_stack(scope: Construct) -> str:
    stack = stack_of(scope)
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    return stack.node.path
