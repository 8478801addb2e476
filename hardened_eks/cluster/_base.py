"""What can be done with any cluster: one created here or one that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from hardened_eks._kinds import flag_problems
from hardened_eks.addons._addon import CheckedAddon
from hardened_eks.addons._arguments import AddonArguments
from hardened_eks.cluster._access import ClusterAccess
from hardened_eks.cluster._cdk_view import cdk_view
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    # pyright takes no cached property for a property of a protocol: a Cluster would be no ClusterLike.
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
    """A cluster that node groups, add-ons, access entries and pod roles can be added to."""

    def __init__(self, scope: Construct, id: str, *, name: str, arn: str, version: str | None) -> None:
        """Create the scope; what is in it is the subclass's part."""
        super().__init__(scope, id, name=name, arn=arn, version=version)
        self._kubectl: Kubectl | None = None

    @cached_property
    def as_cdk_cluster(self) -> aws_eks_v2.ICluster:
        """The cluster as the CDK's own ``ICluster``, for Helm charts, manifests and other people's libraries.

        Charts and manifests need a kubectl handler: call `add_kubectl` first. Objects that disappear from a manifest
        stay in the cluster (``prune`` is off: it needs rights over objects of every kind).
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
        """Let Helm charts and manifests of the CDK (``HelmChart``, ``KubernetesManifest``) into namespaces.

        They take `as_cdk_cluster`. `Kubectl` states what this opens, and docs/how-to/helm-charts.md how to use it.

        Args:
            layer: kubectl and Helm for a handler that is created here, such as ``KubectlV35Layer`` of the package
                aws-cdk.lambda-layer-kubectl-v35.
            provider: a handler that exists, instead of `layer`; its network and its rights are yours.
            policy: what the handler may do in the namespaces. Default: `AccessPolicy.EDIT`, which changes workloads;
                charts with roles need `AccessPolicy.ADMIN`.
            namespaces: where. They must exist. Required with `layer`, unless `policy` is `AccessPolicy.CLUSTER_ADMIN`,
                which the checks report. Default with `provider`: no access entry is created.
            log_retention_days: how long the handler's log is kept, in days.
            memory_mib: memory of the handler, in MiB; large charts need more.

        Raises:
            ConfigurationError: an argument is invalid, and the error lists all mistakes; or the cluster has a handler already, or
                `as_cdk_cluster` was used before.
        """
        from hardened_eks.access import AccessPolicy
        from hardened_eks.cluster._kubectl import Kubectl

        problems = Problems(f"add_kubectl on cluster '{self.name}'")
        problems.require(self._kubectl is None, "the cluster has a kubectl handler already: a second one is not used")
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
        tagged_only: bool = False,
    ) -> Addon:
        """Add an EKS add-on.

        Args:
            name: as EKS names it, for example ``snapshot-controller``.
            version: for example ``v8.2.0-eksbuild.1``. Default: EKS's default for the cluster's version.
            configuration: the add-on's configuration, laid over ours. Default: ours alone.
            role: for the add-on's service account, through Pod Identity. Default: made where the add-on needs one and
                its policy is known, otherwise none.
            service_account: takes the role. Default: the add-on's own, where it is known.
            before_nodes: created before the nodes rather than after them. Default: after.
            allow_unlisted_name: accept a name that is not known. Default: refuse it.
            tagged_only: for aws-ebs-csi-driver, the policy that admits nothing but tagged volumes and snapshots; see
                `Addon`. Default: the wider one.

        Raises:
            ConfigurationError: an argument is invalid, and the error lists all mistakes; or the cluster has the add-on already.
        """
        arguments = AddonArguments(
            cluster=self,
            name=name,
            version=version,
            configuration=configuration,
            role=role,
            service_account=service_account,
            allow_unlisted_name=allow_unlisted_name,
            tagged_only=tagged_only,
        )
        problems = Problems(f"add-on {name!r} of cluster '{self.name}'")
        to_come = () if self._default_addons is None else self._default_addons.to_come
        problems.require(
            not isinstance(name, str) or name not in {*self.addons, *to_come},
            "the cluster has it already: change it by the AddonOptions of the cluster",
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
            **options: the arguments of `NodeGroup`.
        """
        from hardened_eks.compute import NodeGroup

        return NodeGroup(self, id, cluster=self, **options)

    def add_self_managed_nodes(self, id: str, **options: Unpack[SelfManagedOptions]) -> SelfManagedNodeGroup:
        """Add nodes of your own: an Auto Scaling group.

        Args:
            id: construct ID.
            **options: the arguments of `SelfManagedNodeGroup`.
        """
        from hardened_eks.compute import SelfManagedNodeGroup

        return SelfManagedNodeGroup(self, id, cluster=self, **options)

    def add_karpenter(self, id: str = "Karpenter", **options: Unpack[KarpenterOptions]) -> Karpenter:
        """Add the AWS side of Karpenter, and render the objects that it needs.

        Args:
            id: construct ID.
            **options: the arguments of `Karpenter`.
        """
        from hardened_eks.compute import Karpenter

        return Karpenter(self, id, cluster=self, **options)

    def add_fargate_profile(
        self, id: str, *, selectors: Sequence[FargateSelector], **options: Unpack[FargateOptions]
    ) -> FargateProfile:
        """Add a Fargate profile: the pods that it selects run without nodes.

        Args:
            id: construct ID.
            selectors: which pods, one to five.
            **options: the other arguments of `FargateProfile`.
        """
        from hardened_eks.compute import FargateProfile

        return FargateProfile(self, id, cluster=self, selectors=selectors, **options)
