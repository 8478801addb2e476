"""Self-managed nodes: an Auto Scaling group that is as hardened as a managed node group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import COMPUTE, problems_in
from hardened_eks._l1 import create
from hardened_eks.alerts._combined import as_channel
from hardened_eks.alerts._topic import PrivateTopic
from hardened_eks.compute import _image
from hardened_eks.compute._auto_scaling import auto_scaling_group
from hardened_eks.compute._joining import Joining
from hardened_eks.compute._launch import launch_template
from hardened_eks.compute._nodes import launch_of, warn_of_fips, warn_of_pods
from hardened_eks.compute._of_cluster import once
from hardened_eks.compute._role import node_role
from hardened_eks.compute._scaling_alerts import tell
from hardened_eks.compute._schedules import schedule_own
from hardened_eks.compute._self_managed_arguments import SelfManagedArguments
from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.compute.termination import TerminationHandler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_autoscaling as autoscaling
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_sns as sns
    from constructs import IDependable

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
    from hardened_eks.compute._schedules import ScheduledScaling
    from hardened_eks.compute._settings import Scaling, Taint


@COMPUTE.own
class SelfManagedNodeGroup(Construct):
    """Self-managed nodes on Nitro instances: an Auto Scaling group with the functions of a managed node group.

    Nodes are patched by replacement: no node is older than `max_lifetime_days`, and a new node starts with the newest
    image of its Kubernetes version. A new node starts before an old one is terminated, and a lifecycle hook keeps the
    old one until it is drained. **The AWS Node Termination Handler drains nodes**: install it as described at
    `TerminationHandler`. The hook waits for at most `drain_seconds`; then the node is terminated in every case (default
    result CONTINUE).

    A change of the launch template applies only to new nodes, because no instance refresh replaces the existing ones.
    """

    cluster: ClusterLike
    """The cluster that the nodes join."""
    launch_template: ec2.CfnLaunchTemplate
    """The launch template of the nodes."""
    resource: autoscaling.CfnAutoScalingGroup
    """The CloudFormation resource of the Auto Scaling group."""

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
        access_entry: bool = True,
        security_group: ec2.ISecurityGroup | None = None,
        session_manager: bool = False,
        schedules: Sequence[ScheduledScaling] = (),
        kubelet: KubeletSettings | None = None,
        bottlerocket: BottlerocketSettings | None = None,
        max_lifetime_days: int = 14,
        drain_seconds: int = 900,
        handler: TerminationHandler | None = None,
        alerts: AlertChannel | sns.ITopic | None = None,
        service_cidr: str | None = None,
        allow_unlisted_types: bool = False,
        allow_unencrypted_transit: bool = False,
    ) -> None:
        """Create the nodes.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster that nodes join.
            instance_types: Nitro instance types of one architecture, in the order of preference. Name two or more of
                one size, because ND-18 reports a group of one type.
            operating_system: operating system of the nodes. Default: Bottlerocket.
            fips: use an image with FIPS 140-3 validated cryptography; Bottlerocket only. Default: no.
            nvidia: use an image with NVIDIA's drivers, for GPU types. Default: no.
            scaling: number of nodes. Leave `Scaling.desired` out, because every deployment sets it. Default: two to
                six.
            disk_gib: size of the data volume, 20 to 65,536 GiB. Default: 80.
            labels: Kubernetes labels of the nodes. Default: none.
            taints: Kubernetes taints of the nodes. Default: none.
            spot: use Spot capacity; nodes at risk are replaced before their interruption. Default: no, on-demand
                capacity.
            version: Kubernetes version of the nodes. Default: the cluster's, so that new nodes follow its upgrade.
            release_version: AMI release, ``1.50.0-0a1b2c3d`` for Bottlerocket or ``1.36.0-20261101`` for AL2023.
                Default: the newest at each launch.
            subnets: subnets of the nodes. Default: the network's node subnets.
            role: role of the nodes. Default: a new role, which can only join the cluster and pull images.
            access_entry: create an access entry for the role. Pass False if `role` already has one, for example as the
                role of another node group. Default: yes.
            security_group: security group of the nodes. Default: the one that all nodes of the cluster share.
            session_manager: let operators open SSM sessions on nodes. Default: no.
            schedules: schedules for the number of nodes. Default: none.
            kubelet: settings of the kubelet, for example ``KubeletSettings(max_pods=60)``. Default: those of EKS,
                hardened.
            bottlerocket: further settings of Bottlerocket. Default: none.
            max_lifetime_days: lifetime of a node in days, 1 to 30. Default: 14.
            drain_seconds: maximum time to drain a node, 30 to 7,200 seconds. Default: 900, as for managed groups.
            handler: handler that drains the nodes. Default: that of the cluster, created with its first self-managed
                group.
            alerts: receives a message about every launch and termination, including failed ones: a channel
                (`hardened_eks.alerts`), or a topic whose policy and key admit EventBridge. Default: a new topic of the
                group.
            service_cidr: IPv4 block of the cluster's services, which AL2023 needs. Default: that of the cluster;
                Bottlerocket reads it from EKS if it is not known.
            allow_unlisted_types: accept a type whose family is newer than this library's data. Default: refuse it.
            allow_unencrypted_transit: accept types that do not encrypt traffic between instances. Default: refuse them.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        given = SelfManagedArguments(
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
            access_entry=access_entry,
            security_group=security_group,
            session_manager=session_manager,
            schedules=schedules,
            kubelet=kubelet,
            bottlerocket=bottlerocket,
            max_lifetime_days=max_lifetime_days,
            drain_seconds=drain_seconds,
            handler=handler,
            alerts=alerts,
            service_cidr=getattr(cluster, "service_cidr", None) if service_cidr is None else service_cidr,
            allow_unlisted_types=allow_unlisted_types,
            allow_unencrypted_transit=allow_unencrypted_transit,
        )
        problems = problems_in(scope, f"SelfManagedNodeGroup '{id}'")
        problems.extend(given.problems(scope))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.cluster = cluster
        self.handler: TerminationHandler = handler or once(
            cluster, TerminationHandler, lambda where, name: TerminationHandler(where, name, cluster=cluster)
        )
        """The handler that drains the nodes."""
        profile = self._make_profile(given)
        self.launch_template = launch_template(
            self,
            launch_of(
                given,
                id,
                image_id=_image_id(given),
                instance_profile_arn=profile.attr_arn,
                joining=Joining.of(given, given.service_cidr),
            ),
        )
        self.resource = auto_scaling_group(self, given, template=self.launch_template, hook_name=self.handler.hook_name)
        if schedules:
            schedule_own(Construct(self, "Schedules"), self.resource.ref, schedules)
        self._make_entry(given)
        key_arn = key_arn_of(cluster.keys.notifications)
        tell(
            Construct(self, "Alerts"),
            group_name=self.resource.ref,
            what=f"{cluster.name}-{id}",
            channel=PrivateTopic(key_arn) if alerts is None else as_channel(alerts),
            key_arn=key_arn,
        )
        warn_of_fips(self, given)
        warn_of_pods(self, given)
        cluster.register_nodes(self, scope=scope)

    def wait_for(self, *needed: IDependable) -> None:
        """Create the group after the resources that its nodes need. The cluster calls this.

        Args:
            *needed: these resources.
        """
        self.resource.node.add_dependency(*needed)

    def _make_profile(self, given: SelfManagedArguments) -> iam.CfnInstanceProfile:
        if given.role is None:
            made = node_role(self, cluster_name=self.cluster.name, session_manager=given.session_manager)
            name, self.role_arn = made.ref, made.attr_arn
        else:
            name, self.role_arn = given.role.role_name, given.role.role_arn
        return create(iam.CfnInstanceProfile, self, "Profile", roles=[name])

    def _make_entry(self, given: SelfManagedArguments) -> None:
        if not given.access_entry:
            return
        # Without the access entry, a node starts but never joins. EKS creates it only for managed groups and Fargate.
        entry = create(
            eks.CfnAccessEntry,
            self,
            "Entry",
            cluster_name=self.cluster.ref,
            principal_arn=self.role_arn,
            type="EC2_LINUX",
        )
        self.resource.add_resource_dependency(entry)


def _image_id(given: SelfManagedArguments) -> str:
    version = given.node_version
    assert version is not None
    return _image.node_parameter(
        OperatingSystem(given.operating_system),
        given.types()[0].architectures[0],
        version=version,
        release=given.release_version,
        fips=given.fips,
        nvidia=given.nvidia,
    )
