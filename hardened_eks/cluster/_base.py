"""What can be done with any cluster: one made here or one that exists."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks._kinds import flag_problems
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.addons import Addon
from hardened_eks.addons._arguments import addon_problems
from hardened_eks.cluster import _security_groups
from hardened_eks.cluster._arguments import digest
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_eks_v2
    from aws_cdk import aws_sns as sns
    from constructs import IDependable

    from hardened_eks.access import AccessEntry, AccessPolicy, BreakGlassRole
    from hardened_eks.keys import Keys
    from hardened_eks.network import Network
    from hardened_eks.network._security_group import SecurityGroup
    from hardened_eks.nodes import NodeGroup, NodeGroupOptions


@jsii.implements(ec2.IConnectable)
class ClusterBase(Construct):
    """A cluster that node groups, add-ons, access entries and pod roles can be added to."""

    def __init__(self, scope: Construct, id: str, *, name: str, arn: str, version: str | None) -> None:
        """Make the scope; what is in it is the subclass's part."""
        super().__init__(scope, id)
        leave_out_useless(self, scope)
        self.name = name
        self.arn = arn
        self.version = version
        self.addons: dict[str, Addon] = {}
        """Every add-on made so far, by name."""
        self._entries: dict[str, AccessEntry] = {}
        self._has_nodes = False

    @property
    @abstractmethod
    def ref(self) -> str:
        """The name as a reference: whatever uses it waits for the cluster."""

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
        """ARN of the IAM OIDC provider for the cluster's issuer; made on first use where it can be."""

    @property
    @abstractmethod
    def endpoint(self) -> str:
        """URL of the Kubernetes API."""

    @property
    @abstractmethod
    def certificate_authority(self) -> str:
        """The API's certificate authority, in base64."""

    def unknown(self, *needed: str) -> Iterator[str]:  # noqa: ARG002 - what is made here is known
        """Say which of the things needed are not known; only a cluster made elsewhere has such."""
        yield from ()

    @property
    def security_group_id(self) -> str:
        """The id of that group."""
        return self.security_group.security_group_id

    @cached_property
    def _node_security(self) -> Construct:
        return Construct(self, "NodeSecurity")  # complete, unlike the cluster, when the network adds rules beside it

    @cached_property
    def _nodes(self) -> SecurityGroup:
        return _security_groups.nodes(
            self._node_security,
            cluster_name=self.name,
            network=self.network,
            control_plane_id=self.security_group_id,
        )

    @property
    def node_security_group(self) -> ec2.ISecurityGroup:
        """The security group that all node groups of the cluster share; made on first use."""
        return self._nodes.view

    @property
    def node_security_group_id(self) -> str:
        """The id of that group."""
        return self._nodes.group_id

    @property
    @jsii.member(jsii_name="connections")
    def connections(self) -> ec2.Connections:
        """Network access to the Kubernetes API (TCP 443), as in ``host.connections.allow_to_default_port(cluster)``."""
        return self._connections

    @cached_property
    def _connections(self) -> ec2.Connections:
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(443))

    @cached_property
    def as_cdk_cluster(self) -> aws_eks_v2.ICluster:
        """The cluster as the CDK's own ``ICluster``, for Helm charts, manifests and other people's libraries."""
        from aws_cdk import aws_eks_v2

        return aws_eks_v2.Cluster.from_cluster_attributes(
            self,
            "CdkCluster",
            cluster_name=self.ref,
            vpc=self.network.vpc,
            security_group_ids=[self.security_group_id],
            cluster_endpoint=self.endpoint,
            cluster_certificate_authority_data=self.certificate_authority,
        )

    @cached_property
    def _before_nodes(self) -> Construct:
        return Construct(self, "BeforeNodes")

    @cached_property
    def _after_nodes(self) -> Construct:
        scope = Construct(self, "AfterNodes")
        self._add_default_addons_after(scope)
        return scope

    def _add_default_addons_after(self, scope: Construct) -> None:
        """Make the add-ons that need nodes; an imported cluster has its own."""

    @property
    def nodes_ready(self) -> list[IDependable]:
        """What must exist as long as nodes do.

        Add-ons that make them ready, the rules of the security group if they use the shared one, endpoints and routes.
        """
        rules = [self._node_security] if "_node_security" in vars(self) else []
        return [self._before_nodes, *rules, *self.network.ready]

    def waits_for(self, scope: Construct) -> bool:
        """Say whether add-ons can wait for nodes in a scope: not in another stack, which itself waits for this one."""
        return scope is self or _outermost_stack(scope) == _outermost_stack(self)

    def nodes_problems(self, scope: Construct) -> Iterator[str]:
        """Say why nodes cannot be made in a scope."""
        if self._has_nodes or not isinstance(scope, Construct) or self.waits_for(scope):
            return
        here, there = _outermost_stack(scope), _outermost_stack(self)
        yield (
            f"the stack {here!r} waits for the cluster's, {there!r}, whose add-ons wait for their first nodes: add a "
            f"node group in {there!r} first, or use Cluster.from_cluster_attributes in {here!r}"
        )

    def register_nodes(self, nodes: NodeGroup | IDependable) -> None:
        """Let add-ons that run on nodes wait for these nodes.

        Args:
            nodes: a node group of this library (it calls this itself), or any construct that makes nodes.
        """
        self._has_nodes = True
        resource = getattr(nodes, "resource", nodes)
        self._after_nodes.node.add_dependency(resource)

    def add_addon(
        self,
        name: str,
        *,
        version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
        role: iam.IRole | None = None,
        service_account: str | None = None,
        before_nodes: bool = False,
        allow_unlisted_name: bool = False,
    ) -> Addon:
        """Add an EKS add-on.

        Args:
            name: as EKS names it, for example ``snapshot-controller``.
            version: for example ``v8.2.0-eksbuild.1``. Default: EKS's default for the cluster's version.
            configuration: the add-on's configuration, laid over ours. Default: ours alone.
            role: for the add-on's service account, through Pod Identity. Default: made where the add-on needs one and
                its policy is on record, otherwise none.
            service_account: takes the role. Default: the add-on's own, where it is on record.
            before_nodes: made before the nodes rather than after them. Default: after.
            allow_unlisted_name: accept a name that is not on record. Default: refuse it.

        Raises:
            ConfigurationError: naming every mistake in the arguments; or the cluster has the add-on already.
        """
        problems = Problems(f"add-on {name!r} of cluster '{self.name}'")
        problems.require(
            not isinstance(name, str) or name not in self.addons,
            "the cluster has it already: change it by the AddonOptions of the cluster",
        )
        # Before the scopes are asked for: the first to ask makes the default add-ons.
        problems.extend(
            addon_problems(
                cluster=self,
                name=name,
                version=version,
                configuration=configuration,
                role=role,
                service_account=service_account,
                allow_unlisted_name=allow_unlisted_name,
            )
        )
        problems.extend(flag_problems(before_nodes=before_nodes))
        problems.raise_any()
        addon = Addon(
            self._before_nodes if before_nodes else self._after_nodes,
            name,
            cluster=self,
            name=name,
            version=version,
            configuration=configuration,
            role=role,
            service_account=service_account,
            allow_unlisted_name=allow_unlisted_name,
        )
        self.addons[name] = addon
        return addon

    def add_node_group(self, id: str, **options: Unpack[NodeGroupOptions]) -> NodeGroup:
        """Add a managed node group.

        Args:
            id: construct id.
            **options: the arguments of `NodeGroup`.
        """
        from hardened_eks.nodes import NodeGroup

        return NodeGroup(self, id, cluster=self, **options)

    def add_break_glass_role(
        self,
        id: str = "BreakGlass",
        *,
        trusted: Sequence[iam.IPrincipal | iam.IRole | str],
        sealed: bool = False,
        mfa_max_age_seconds: int = 900,
        alerts: sns.ITopic | None = None,
    ) -> BreakGlassRole:
        """Add the one cluster administrator, for emergencies. `BreakGlassRole` describes the arguments."""
        from hardened_eks.access import BreakGlassRole

        return BreakGlassRole(
            self,
            id,
            cluster=self,
            trusted=trusted,
            sealed=sealed,
            mfa_max_age_seconds=mfa_max_age_seconds,
            alerts=alerts,
        )

    def grant_admin(self, principal: iam.IRole | str, *, namespaces: Sequence[str] = ()) -> AccessEntry:
        """Let a role administer namespaces: everything in them but quotas and the namespace itself.

        Args:
            principal: the role, or its ARN.
            namespaces: where. Default: in every namespace.
        """
        from hardened_eks.access import AccessPolicy

        return self._grant("Admin", AccessPolicy.ADMIN, principal, namespaces)

    def grant_edit(self, principal: iam.IRole | str, *, namespaces: Sequence[str] = ()) -> AccessEntry:
        """Let a role change workloads.

        Args:
            principal: the role, or its ARN.
            namespaces: where. Default: in every namespace.
        """
        from hardened_eks.access import AccessPolicy

        return self._grant("Edit", AccessPolicy.EDIT, principal, namespaces)

    def grant_view(self, principal: iam.IRole | str, *, namespaces: Sequence[str] = ()) -> AccessEntry:
        """Let a role read most objects, without secrets.

        Args:
            principal: the role, or its ARN.
            namespaces: where. Default: in every namespace.
        """
        from hardened_eks.access import AccessPolicy

        return self._grant("View", AccessPolicy.VIEW, principal, namespaces)

    def _grant(
        self, kind: str, policy: AccessPolicy, principal: iam.IRole | str, namespaces: Sequence[str]
    ) -> AccessEntry:
        from hardened_eks.access import AccessEntry
        from hardened_eks.access._entry import entry_problems
        from hardened_eks.access._principals import arn_of

        problems = Problems(f"grant_{kind.lower()} on cluster '{self.name}'")
        problems.extend(entry_problems(cluster=self, principal=principal, policy=policy, namespaces=namespaces))
        arn = arn_of(principal)
        if isinstance(arn, str) and arn in self._entries:
            problems.add(f"{_full_name(principal)!r} has access already: a principal has one access entry in a cluster")
        problems.raise_any()
        entry = AccessEntry(
            self,
            f"{kind}{_label(principal)}",
            cluster=self,
            principal=principal,
            policy=policy,
            namespaces=namespaces,
        )
        self._entries[arn] = entry
        return entry


def _outermost_stack(scope: Construct) -> str:
    stack = cdk.Stack.of(scope)
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    return stack.node.path


def _label(principal: iam.IRole | str) -> str:
    """Make a construct id that stays the same when other grants come and go."""
    full = _full_name(principal)
    if not is_literal(full):
        return "Role"
    last = re.sub(r"[^A-Za-z0-9]+", "", full.rsplit("/", 1)[-1])
    return f"{last}{digest(full)}"


def _full_name(principal: iam.IRole | str) -> str:
    return principal if isinstance(principal, str) else principal.node.path
