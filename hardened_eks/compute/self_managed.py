"""Self-managed nodes: an Auto Scaling group of your own, as closed as a managed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import COMPUTE, problems_in
from hardened_eks.alerts._combined import as_channel
from hardened_eks.alerts._topic import PrivateTopic
from hardened_eks.compute import _image
from hardened_eks.compute._auto_scaling import auto_scaling_group
from hardened_eks.compute._joining import Joining
from hardened_eks.compute._launch import launch_template
from hardened_eks.compute._nodes import launch_of, warn_of_fips
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
    """Self-managed nodes on Nitro instances: an Auto Scaling group, with all that EKS does for a managed group.

    Nodes are patched by being replaced: none grows older than `max_lifetime_days`, and a new one starts with the newest
    image of its Kubernetes version. A new node is there before the old one goes, and a lifecycle hook holds the old one
    until it is drained. **The AWS Node Termination Handler drains**: install it, as `TerminationHandler` says. The hook
    waits for `drain_seconds`; then the node is, in every case, terminated (default result CONTINUE).

    A change of the launch template reaches new nodes only: no instance refresh replaces the others before their time.
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
            scope: where they go.
            id: construct id.
            cluster: the cluster that nodes join.
            instance_types: one architecture, Nitro only, in the order of preference; the image follows from them. Name
                two or more of one size: ND-18 reports a group of one type.
            operating_system: Default: Bottlerocket.
            fips: an image with FIPS 140-3 validated cryptography. Bottlerocket only.
            nvidia: an image with NVIDIA's drivers, for GPU types.
            scaling: how many nodes. Default: two to six. `Scaling.desired` is set by every deployment; leave it out.
            disk_gib: size of the data volume, in GiB.
            labels: Kubernetes labels of the nodes. Default: none.
            taints: Kubernetes taints of the nodes. Default: none.
            spot: interruptible capacity; nodes at risk are replaced before they go. Default: on demand.
            version: Kubernetes version of the nodes. Default: the cluster's; new nodes follow its upgrade.
            release_version: AMI release: ``1.50.0-0a1b2c3d`` of Bottlerocket, ``1.36.0-20261101`` of AL2023. Default:
                the newest at each launch.
            subnets: where nodes live. Default: the network's node subnets.
            role: the nodes' role. Default: one is created that can join, pull images, and nothing else.
            access_entry: let the role into the cluster. False where `role` has an entry already, as that of a managed
                group or of another self-managed one has.
            security_group: of the nodes. Default: the one that all nodes of the cluster share.
            session_manager: let operators open SSM sessions on nodes. Default: no way in.
            schedules: other numbers of nodes at times of day. Default: none.
            kubelet: settings of the kubelet, for example ``KubeletSettings(max_pods=60)``. Default: EKS's, hardened.
            bottlerocket: further settings of Bottlerocket. Default: none.
            max_lifetime_days: how long a node lives, 1 to 30 days.
            drain_seconds: how long a node waits to be drained, 30 to 7,200 seconds. Default: 15 minutes, as EKS gives
                nodes of managed groups.
            handler: drains the nodes. Default: the cluster's, created with its first self-managed group.
            alerts: receives a message about every launch and termination, and of those that fail: a channel
                (`hardened_eks.alerts`), or a topic whose policy and key admit EventBridge. Default: a topic of the
                group's own.
            service_cidr: IPv4 block of the cluster's services; AL2023 needs it. Default: the cluster's, where it says
                one; Bottlerocket asks EKS for it otherwise.
            allow_unlisted_types: accept a type whose family is newer than this library's data.
            allow_unencrypted_transit: accept types that do not encrypt traffic between instances.

        Raises:
            ConfigurationError: naming every bad argument.
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
        cluster.register_nodes(self, scope=scope)

    def wait_for(self, *needed: IDependable) -> None:
        """Create the group after what its nodes need; the cluster calls this."""
        self.resource.node.add_dependency(*needed)

    def _make_profile(self, given: SelfManagedArguments) -> iam.CfnInstanceProfile:
        if given.role is None:
            made = node_role(self, cluster_name=self.cluster.name, session_manager=given.session_manager)
            name, self.role_arn = made.ref, made.attr_arn
        else:
            name, self.role_arn = given.role.role_name, given.role.role_arn
        return iam.CfnInstanceProfile(self, "Profile", roles=[name])

    def _make_entry(self, given: SelfManagedArguments) -> None:
        if not given.access_entry:
            return
        # Without its entry a node starts and never joins; EKS creates one for managed groups and Fargate only.
        entry = eks.CfnAccessEntry(
            self, "Entry", cluster_name=self.cluster.ref, principal_arn=self.role_arn, type="EC2_LINUX"
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
