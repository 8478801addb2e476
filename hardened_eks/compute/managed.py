"""Managed node groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import COMPUTE, problems_in
from hardened_eks._l1 import create
from hardened_eks.compute._launch import launch_template
from hardened_eks.compute._managed_arguments import NodeGroupArguments
from hardened_eks.compute._managed_launch import (
    EfaRules,
    ami_type_of,
    managed_launch,
    update_config,
    warn_of_capacity,
)
from hardened_eks.compute._nodes import node_subnet_ids, warn_of_fips, warn_of_pods
from hardened_eks.compute._of_cluster import once
from hardened_eks.compute._role import node_role
from hardened_eks.compute._schedules import ManagedSchedules
from hardened_eks.compute._settings import OperatingSystem, Scaling, Taint, TaintEffect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from constructs import IDependable

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.compute._capacity import CapacityReservation, NodeImage, NodeVolume, WarmPool
    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
    from hardened_eks.compute._schedules import ScheduledScaling


@COMPUTE.own
class NodeGroup(Construct):
    """A managed node group on Nitro instances."""

    cluster: ClusterLike
    """The cluster that the nodes join."""
    launch_template: ec2.CfnLaunchTemplate
    """The launch template of the nodes."""
    resource: eks.CfnNodegroup
    """The CloudFormation resource of the node group."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        instance_types: Sequence[str],
        operating_system: OperatingSystem = OperatingSystem.BOTTLEROCKET,
        fips: bool = False,
        nvidia: bool = False,
        scaling: Scaling | None = None,
        disk_gib: int = 80,
        labels: Mapping[str, str] | None = None,
        taints: Sequence[Taint] = (),
        spot: bool = False,
        version: str | None = None,
        release_version: str | None = None,
        subnets: Sequence[ec2.ISubnet] | None = None,
        role: iam.IRole | None = None,
        security_group: ec2.ISecurityGroup | None = None,
        session_manager: bool = False,
        schedules: Sequence[ScheduledScaling] = (),
        kubelet: KubeletSettings | None = None,
        bottlerocket: BottlerocketSettings | None = None,
        max_unavailable: int = 1,
        max_unavailable_percent: int | None = None,
        minimal_update: bool = False,
        image: NodeImage | None = None,
        service_cidr: str | None = None,
        reservation: CapacityReservation | None = None,
        placement_group: ec2.IPlacementGroup | None = None,
        efa_cards: int = 0,
        volumes: Sequence[NodeVolume] = (),
        warm_pool: WarmPool | None = None,
        tags: Mapping[str, str] | None = None,
        allow_unlisted_types: bool = False,
        allow_unencrypted_transit: bool = False,
    ) -> None:
        """Create a node group.

        Args:
            scope: the parent construct.
            id: construct ID. The group itself gets a generated name: a change that replaces it can then be created.
            cluster: the cluster that nodes join.
            instance_types: Nitro instance types of one architecture, which determines that of the image.
            operating_system: operating system of the nodes. Default: Bottlerocket.
            fips: use an image with FIPS 140-3 validated cryptography; Bottlerocket only. It pulls from the FIPS
                endpoint of ECR, so `NodeGroup` warns if the network has no internet access. Default: no.
            nvidia: use an image with NVIDIA's drivers, for GPU types. Default: no.
            scaling: number of nodes. Default: two to six.
            disk_gib: size of the data volume, 20 to 65,536 GiB. Default: 80.
            labels: Kubernetes labels of the nodes, with values: EKS refuses empty ones. Default: none.
            taints: Kubernetes taints of the nodes. Default: none.
            spot: use Spot capacity. Default: no, on-demand capacity.
            version: Kubernetes version of the nodes. Raise it in a separate deployment after that of the control plane,
                without other changes (aws-cdk#13602). Default: the cluster's version when the group is created.
            release_version: AMI release, ``1.50.0-0a1b2c3d`` for Bottlerocket or ``1.36.0-20261101`` for AL2023, which
                contains the Kubernetes version and a date. Default: the newest release for the version.
            subnets: subnets of the nodes. Default: the network's node subnets.
            role: role of the nodes. Default: a new role, which can only join the cluster and pull images.
            security_group: security group of the nodes. Default: the one that all node groups of the cluster share.
            session_manager: let operators open SSM sessions on nodes. Default: no.
            schedules: schedules for the number of nodes, which EventBridge Scheduler sets in EKS. Default: none.
            kubelet: settings of the kubelet, for example ``KubeletSettings(max_pods=60)``. Default: those of EKS,
                hardened.
            bottlerocket: further settings of Bottlerocket. Default: none.
            max_unavailable: number of nodes that an update replaces at once, 1 to 100. Pod disruption budgets are
                respected: an update that they block fails. Default: 1.
            max_unavailable_percent: the same in percent of the group, 1 to 100. Default: `max_unavailable` applies.
            minimal_update: terminate old nodes before new nodes start, for reserved or scarce capacity. Default: no,
                new nodes start first.
            image: a custom image. Its nodes bring the settings that EKS adds otherwise. Default: EKS's image for the
                operating system.
            service_cidr: IPv4 block of the cluster's services, which AL2023 with `image` needs. Default: that of the
                cluster.
            reservation: a capacity reservation or a Capacity Block. Default: none, available EC2 capacity.
            placement_group: placement group of the nodes. Default: none.
            efa_cards: number of network cards with an Elastic Fabric Adapter, 0 to 32, and at most as many as the
                instance types support. The nodes' shared security group then allows all traffic between its members.
                Default: 0.
            volumes: further volumes. Default: only those of the operating system.
            warm_pool: a pool of booted instances that wait to join. Default: none.
            tags: further tags of the group, its launch template and its nodes, in addition to those of the app.
                Default: none.
            allow_unlisted_types: accept a type whose family is newer than this library's data. New sizes of known
                families are always accepted. Default: refuse it.
            allow_unencrypted_transit: accept types that do not encrypt traffic between instances. Default: refuse them.

        Raises:
            ConfigurationError: an instance type is unknown, runs on Xen, or has another architecture than the others,
                or another argument is invalid. The error lists all mistakes, with alternatives for instance types.
        """
        given = NodeGroupArguments(
            cluster=cluster,
            instance_types=instance_types,
            operating_system=operating_system,
            fips=fips,
            nvidia=nvidia,
            scaling=scaling,
            disk_gib=disk_gib,
            labels=labels,
            taints=taints,
            spot=spot,
            version=version,
            release_version=release_version,
            subnets=subnets,
            role=role,
            security_group=security_group,
            session_manager=session_manager,
            schedules=schedules,
            kubelet=kubelet,
            bottlerocket=bottlerocket,
            max_unavailable=max_unavailable,
            max_unavailable_percent=max_unavailable_percent,
            minimal_update=minimal_update,
            image=image,
            service_cidr=getattr(cluster, "service_cidr", None) if service_cidr is None else service_cidr,
            reservation=reservation,
            placement_group=placement_group,
            efa_cards=efa_cards,
            volumes=volumes,
            warm_pool=warm_pool,
            tags=tags,
            allow_unlisted_types=allow_unlisted_types,
            allow_unencrypted_transit=allow_unencrypted_transit,
        )
        problems = problems_in(scope, f"NodeGroup '{id}'")
        problems.extend(given.problems(scope))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.cluster = cluster
        for key, value in (tags or {}).items():
            cdk.Tags.of(self).add(key, value)
        self.ami_type = ami_type_of(given)
        """EKS's name of the image type, for example ``BOTTLEROCKET_ARM_64``; ``CUSTOM`` with a custom image."""
        self.role_arn = role.role_arn if role is not None else self._make_role(session_manager=session_manager)
        """ARN of the node role."""
        self.launch_template = launch_template(self, managed_launch(given, id))
        self.resource = self._make_resource(given)
        if schedules:
            ManagedSchedules(self, "Schedules", cluster=cluster, group=self.resource, schedules=schedules)
        warn_of_fips(self, given)
        if image is not None:
            warn_of_pods(self, given)
        warn_of_capacity(self, given)
        if efa_cards and security_group is None:
            self.wait_for(once(cluster, EfaRules, lambda where, name: EfaRules(where, name, cluster=cluster)))
        cluster.register_nodes(self, scope=scope)

    def wait_for(self, *needed: IDependable) -> None:
        """Create the group after the resources that its nodes need. The cluster calls this.

        Args:
            *needed: these resources.
        """
        self.resource.node.add_dependency(*needed)

    def _make_role(self, *, session_manager: bool) -> str:
        return node_role(self, cluster_name=self.cluster.name, session_manager=session_manager).attr_arn

    def _make_resource(self, given: NodeGroupArguments) -> eks.CfnNodegroup:
        sizes = given.scaling or Scaling()
        return create(
            eks.CfnNodegroup,
            self,
            "Resource",
            cluster_name=self.cluster.ref,
            node_role=self.role_arn,
            subnets=node_subnet_ids(given),
            # The launch template contains a custom image and the type of a Capacity Block.
            ami_type=self.ami_type if given.image is None else None,
            instance_types=None if given.block else list(given.instance_types),
            capacity_type="CAPACITY_BLOCK" if given.block else "SPOT" if given.spot else "ON_DEMAND",
            scaling_config={
                "minSize": sizes.min,
                "maxSize": sizes.max,
                "desiredSize": sizes.min if sizes.desired is None else sizes.desired,
            },
            update_config=update_config(given),
            warm_pool_config=given.warm_pool.rendered() if given.warm_pool else None,
            node_repair_config={"enabled": True},
            labels=dict(given.labels) if given.labels else None,
            taints=[_taint(taint) for taint in given.taints] or None,
            version=given.version,
            release_version=given.release_version,
            launch_template={
                "id": self.launch_template.ref,
                "version": self.launch_template.attr_latest_version_number,
            },
        )


def _taint(taint: Taint) -> dict[str, str]:
    value = {"value": taint.value} if taint.value else {}
    return {"key": taint.key, "effect": TaintEffect(taint.effect).value, **value}
