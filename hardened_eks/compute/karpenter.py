"""Karpenter: its permissions, its queue, the role of its nodes, and the objects to apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of, stack_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document
from hardened_eks.baseline import karpenter as objects
from hardened_eks.baseline.families import architectures
from hardened_eks.compute._interruptions import interruption_queue
from hardened_eks.compute._karpenter_arguments import MARK, KarpenterArguments
from hardened_eks.compute._karpenter_checks import warn_of_release
from hardened_eks.compute._karpenter_policies import Reach, keeping, launching, looking, wildcards
from hardened_eks.compute._karpenter_settings import KarpenterPool, names_of_lists, portions, steps
from hardened_eks.compute._role import node_role
from hardened_eks.compute._settings import Taint, TaintEffect
from hardened_eks.compute._user_data import planned_with
from hardened_eks.identity import PodRole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_sqs as sqs

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings

_NOTHING_RUNS = (
    "Karpenter starts no node until you install its chart and apply its objects, in the order that the output "
    "{output} lists. Before you delete the stack, delete its nodes: kubectl delete nodepools --all. Acknowledge "
    "this warning when your pipeline does both (docs/how-to/run-karpenter.md)"
)
_EFFECTS = {
    TaintEffect.NO_SCHEDULE: "NoSchedule",
    TaintEffect.PREFER_NO_SCHEDULE: "PreferNoSchedule",
    TaintEffect.NO_EXECUTE: "NoExecute",
}


class Karpenter(Construct):
    """The AWS resources of Karpenter, which starts nodes for unschedulable pods, and its Kubernetes objects.

    Its controller may start, tag and terminate only instances of this cluster, in the network's node subnets, with the
    shared security group and the node role. Its nodes are as hardened as those of `NodeGroup`: only Nitro, IMDSv2 with
    one hop, volumes encrypted with the cluster's key, no public address, a Bottlerocket release that you choose, and
    encrypted traffic.

    **Nothing runs until you apply the objects**: the stack stores values and objects in SSM parameters, and its output
    lists the order in which to apply them. The controller itself needs other nodes, such as a small `NodeGroup`. Zonal
    shifts, capacity reservations and FIPS images are not supported.
    """

    cluster: ClusterLike
    """The cluster that nodes join."""
    queue: sqs.CfnQueue
    """The queue that notifies Karpenter of interruptions."""
    instance_profile: iam.CfnInstanceProfile
    """The instance profile of the nodes."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        bottlerocket_version: str,
        pools: Sequence[KarpenterPool] | None = None,
        disk_gib: int = 80,
        namespace: str = "kube-system",
        service_account: str = "karpenter",
        image_repository: str | None = None,
        session_manager: bool = False,
        kubelet: KubeletSettings | None = None,
        bottlerocket: BottlerocketSettings | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Create role, queue, rules, instance profile and access entry, and render the objects.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster that the nodes join. It needs the Pod Identity agent, which is a default add-on.
            bottlerocket_version: release of the nodes' image, for example ``1.66.0``; it must support the cluster's
                Kubernetes version. A new release replaces all nodes, within the disruption budgets.
            pools: the node pools. Default: one, ``KarpenterPool()``.
            disk_gib: size of the data volume, 20 to 65,536 GiB. Default: 80.
            namespace: Kubernetes namespace of the controller. Default: ``kube-system``.
            service_account: service account of the controller, which gets the role through Pod Identity. Default:
                ``karpenter``.
            image_repository: repository of the controller's image. Default: that of the chart; in an isolated network,
                ``karpenter/controller`` in the account's ECR, to which you copy the image.
            session_manager: let operators open SSM sessions on nodes. Default: no.
            kubelet: settings of the kubelet, for example ``KubeletSettings(max_pods=60)``. Default: those of Karpenter.
            bottlerocket: further settings of Bottlerocket. Default: none.
            tags: further tags of instances and volumes. Default: only those that Karpenter sets.

        Raises:
            ConfigurationError: an argument is invalid; the cluster lacks the Pod Identity agent or already has
                Karpenter. The error lists all mistakes.
        """
        given = KarpenterArguments(
            cluster=cluster,
            bottlerocket_version=bottlerocket_version,
            pools=(KarpenterPool(),) if pools is None else pools,
            disk_gib=disk_gib,
            namespace=namespace,
            service_account=service_account,
            image_repository=image_repository,
            session_manager=session_manager,
            kubelet=kubelet,
            bottlerocket=bottlerocket,
            tags=tags,
        )
        problems = problems_in(scope, f"Karpenter '{id}'")
        problems.extend(given.problems())
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.cluster = cluster
        self._given = given
        home: Any = cluster
        Construct(home, MARK)  # the names of its parameters contain only the cluster's name
        cluster.network.add_endpoint("sqs")
        nodes = node_role(self, cluster_name=cluster.name, session_manager=session_manager)
        self.node_role_arn: str = nodes.attr_arn
        """ARN of the node role."""
        self.instance_profile = create(iam.CfnInstanceProfile, self, "Profile", roles=[nodes.ref])
        # Without the access entry, a node starts but never joins.
        create(
            eks.CfnAccessEntry,
            self,
            "Entry",
            cluster_name=cluster.ref,
            principal_arn=self.node_role_arn,
            type="EC2_LINUX",
        )
        key_arn = key_arn_of(cluster.keys.notifications)
        self.queue = interruption_queue(self, cluster_name=cluster.name, key_arn=key_arn)
        self.role = PodRole(self, "Controller", cluster=cluster, namespace=namespace, service_account=service_account)
        """The IAM role of Karpenter's controller."""
        self._allow()
        self._discoverable()
        self._publish()
        warn_of_release(self, cluster.version)

    @property
    def node_class(self) -> dict[str, Any]:
        """The EC2NodeClass, with tokens for values that are known only at deployment."""
        given, cluster = self._given, self.cluster
        return objects.node_class(
            "hardened",
            instance_profile=self.instance_profile.ref,
            volumes_key_arn=key_arn_of(cluster.keys.volumes),
            subnets=[{"id": id_} for id_ in cluster.network.node_subnet_ids],
            security_groups=[{"id": cluster.node_security_group_id}],
            bottlerocket_version=given.bottlerocket_version,
            disk_gib=given.disk_gib,
            user_data=given.user_data(),
            kubelet=planned_with(given.kubelet),
            tags=given.tags or {},
        )

    @property
    def node_pools(self) -> list[dict[str, Any]]:
        """The NodePools, as plain data."""
        return [
            objects.node_pool(
                pool.name,
                node_class="hardened",
                families=pool.families,
                architectures=architectures(pool.families),
                spot=pool.spot,
                cpus=pool.cpu_limit,
                lifetime_hours=pool.max_lifetime_days * 24,
                labels=pool.labels,
                taints=[_taint(taint) for taint in pool.taints],
            )
            for pool in self._given.pools
        ]

    @property
    def helm_values(self) -> dict[str, Any]:
        """Values of Karpenter's chart, with tokens for values that are known only at deployment."""
        isolated = self.cluster.network.isolated
        own = f"{_aws.account()}.dkr.ecr.{_aws.region()}.{_aws.url_suffix()}/karpenter/controller" if isolated else ""
        return objects.helm_values(
            cluster_name=self.cluster.name,
            endpoint=self.cluster.endpoint,
            queue_name=self.queue.attr_queue_name,
            service_account=self._given.service_account,
            isolated=isolated,
            image=self._given.image_repository or own,
            pod_subnets=bool(self.cluster.network.pod_subnets),
        )

    def _allow(self) -> None:
        cluster = self.cluster
        reach = Reach(
            cluster_name=cluster.name,
            cluster_arn=cluster.arn,
            subnet_ids=cluster.network.node_subnet_ids,
            subnets_account=_aws.account() if self._own_subnets else "*",
            security_group_id=cluster.node_security_group_id,
            role_arn=self.node_role_arn,
            profile_arn=self.instance_profile.attr_arn,
            volumes_key_arn=key_arn_of(cluster.keys.volumes),
            queue_arn=self.queue.attr_arn,
            queue_key_arn=key_arn_of(cluster.keys.notifications),
            isolated=cluster.network.isolated,
        )
        for name, statements, what in (
            ("LaunchPolicy", launching(reach), "start nodes"),
            ("KeepPolicy", keeping(reach), "name and end nodes, and give them their role and volumes"),
            ("LookPolicy", looking(reach), "read what decides about nodes"),
        ):
            policy = create(
                iam.CfnManagedPolicy,
                self,
                name,
                description=f"Karpenter on EKS cluster {cluster.name}: {what}",
                policy_document=document(*statements),
                roles=[self.role.role.role_name],
            )
            acknowledge(policy, wildcards(statements))

    @property
    def _own_subnets(self) -> bool:
        return bool(self.cluster.network.cidrs)  # an adopted VPC may have subnets that another account shares

    def _discoverable(self) -> None:
        """Tag subnets and security group for a team's own NodeClasses. Ours names them by ID."""
        key = objects.discovery_key(self.cluster.name)
        for found in (*self.cluster.network.node_subnets, self.cluster.node_security_group):
            cdk.Tags.of(found).add(key, "nodes")

    def _publish(self) -> None:
        from aws_cdk import aws_ssm as ssm  # clusters without Karpenter do not load it

        stack, path = stack_of(self), f"/hardened-eks/{self.cluster.name}/karpenter"
        lists = portions(self.node_pools)
        named = zip(names_of_lists(len(lists)), lists, strict=True)
        for name, value in (("values", self.helm_values), ("node-class", self.node_class), *named):
            create(
                ssm.CfnParameter,
                self,
                "".join(part.capitalize() for part in name.split("-")),
                name=f"{path}/{name}",
                type="String",
                tier="Intelligent-Tiering",
                description=f"Karpenter on EKS cluster {self.cluster.name}: {name}",
                value=stack.to_json_string(value),
            )
        output = create(
            cdk.CfnOutput,
            self,
            "Apply",
            value=steps(path, self._given.namespace, lists=len(lists)),
            description="In this order",
        )
        cdk.Annotations.of(self).add_warning_v2(
            "hardened-eks:karpenter-objects", _NOTHING_RUNS.format(output=stack.resolve(output.logical_id))
        )


def _taint(taint: Taint) -> dict[str, str]:
    value = {"value": taint.value} if taint.value else {}
    return {"key": taint.key, "effect": _EFFECTS[TaintEffect(taint.effect)], **value}
