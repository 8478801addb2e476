from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._kinds import cluster_problems
from hardened_eks._roles import document
from hardened_eks._roles import role as make_role
from hardened_eks.errors import Problems
from hardened_eks.nodes import _arguments
from hardened_eks.nodes._settings import OperatingSystem, Scaling, Taint
from hardened_eks.nodes._user_data import user_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_iam as iam

    from hardened_eks.cluster import ClusterBase

_POLICIES = {
    "AmazonEKSWorkerNodePolicy": "what a kubelet needs, maintained by AWS",
    "AmazonEC2ContainerRegistryPullOnly": "pulling images, maintained by AWS",
}
# https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html ("This can cause the node bootstrap to
# fail") and https://github.com/bottlerocket-os/bottlerocket/issues/4372. A warning, not a refusal: user data and
# endpoints that come later can make it work.
_NO_WAY_TO_FIPS = (
    "FIPS images pull from the FIPS endpoint of ECR, and nothing in this isolated network leads there: nodes will not "
    "join. Use Network(egress=Egress.NAT), or switch the FIPS endpoint off in the user data "
    "(docs/how-to/choose-nodes.md, FIPS), then acknowledge this warning"
)
_SESSION_POLICY = {"AmazonSSMManagedInstanceCore": "session_manager=True lets operators reach nodes through SSM"}


class NodeGroup(Construct):
    """A managed node group on Nitro instances."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterBase,
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
        max_unavailable: int = 1,
        allow_unlisted_types: bool = False,
        allow_unencrypted_transit: bool = False,
    ) -> None:
        """Make a node group.

        Args:
            scope: where it is made.
            id: construct id. The group itself gets a generated name: a change that replaces it can then be made.
            cluster: the cluster that nodes join.
            instance_types: one architecture, Nitro only; the image's architecture follows from them.
            operating_system: Default: Bottlerocket.
            fips: an image with FIPS 140-3 validated cryptography. Bottlerocket only. It pulls from the FIPS endpoint of
                ECR, so `NodeGroup` warns where the network has no way out.
            nvidia: an image with NVIDIA's drivers, for GPU types.
            scaling: how many nodes. Default: two to six.
            disk_gib: size of the data volume, in GiB.
            labels: Kubernetes labels of the nodes. Default: none.
            taints: Kubernetes taints of the nodes. Default: none.
            spot: interruptible capacity. Default: on demand.
            version: Kubernetes version of the nodes. Default: the cluster's at creation; raise it in a deployment of
                its own, after the control plane's (it goes with no other change, aws-cdk#13602).
            release_version: AMI release: ``1.50.0-0a1b2c3d`` of Bottlerocket, which counts for itself,
                ``1.36.0-20261101`` of AL2023, which names the Kubernetes version and a day. Default: the newest of the
                version.
            subnets: where nodes live. Default: the network's node subnets.
            role: the nodes' role. Default: one is made that can join, pull images, and nothing else.
            security_group: of the nodes. Default: the one that all node groups of the cluster share.
            session_manager: let operators open SSM sessions on nodes. Default: no way in.
            max_unavailable: how many nodes an update replaces at once. Pod disruption budgets are respected: an update
                that they block fails rather than forces.
            allow_unlisted_types: accept a type whose family is newer than this library's data. Sizes of known families
                are always accepted.
            allow_unencrypted_transit: accept types that do not encrypt traffic between instances.

        Raises:
            ConfigurationError: naming every Xen, unknown or mixed instance type with alternatives, and every other bad
                argument.
        """
        problems = Problems(f"NodeGroup '{id}'")
        problems.extend(
            _arguments.type_problems(
                instance_types, allow_unlisted=allow_unlisted_types, allow_plain_transit=allow_unencrypted_transit
            )
        )
        usable = instance_types if isinstance(instance_types, list | tuple) else ()
        kinds = _arguments.known_types(usable, allow_unlisted=allow_unlisted_types)
        problems.extend(_arguments.image_problems(kinds, operating_system, fips=fips, nvidia=nvidia))
        problems.extend(_arguments.label_problems({} if labels is None else labels, taints))
        problems.extend(_arguments.size_problems(disk_gib, max_unavailable))
        problems.extend(
            _arguments.kinds(
                scaling=scaling,
                subnets=subnets,
                role=role,
                security_group=security_group,
                fips=fips,
                nvidia=nvidia,
                spot=spot,
                session_manager=session_manager,
                allow_unlisted_types=allow_unlisted_types,
                allow_unencrypted_transit=allow_unencrypted_transit,
            )
        )
        needed = ("network",) if security_group is not None else ("network", "security_group")
        found = list(cluster_problems(cluster, *needed))
        problems.extend(found or cluster.nodes_problems(scope))
        of_cluster = getattr(cluster, "version", None)
        problems.extend(_arguments.version_problems(version, release_version, of_cluster, operating_system))
        problems.raise_any()
        super().__init__(scope, id)
        system = OperatingSystem(operating_system)
        self.cluster = cluster
        self.ami_type = _arguments.AMI_TYPES[system, kinds[0].architectures[0], fips, nvidia]
        """As EKS names it, for example ``BOTTLEROCKET_ARM_64``."""
        self.role_arn = role.role_arn if role is not None else self._make_role(session_manager=session_manager)
        """Of the nodes' role."""
        self.launch_template = self._make_launch_template(
            id,
            user_data(system, nvidia=nvidia, session_manager=session_manager),
            system,
            disk_gib,
            security_group.security_group_id if security_group is not None else cluster.node_security_group_id,
        )
        sizes = scaling or Scaling()
        self.resource = eks.CfnNodegroup(
            self,
            "Resource",
            cluster_name=cluster.ref,
            node_role=self.role_arn,
            subnets=[s.subnet_id for s in subnets] if subnets is not None else cluster.network.node_subnet_ids,
            ami_type=self.ami_type,
            instance_types=list(instance_types),
            capacity_type="SPOT" if spot else "ON_DEMAND",
            scaling_config={
                "minSize": sizes.min,
                "maxSize": sizes.max,
                "desiredSize": sizes.min if sizes.desired is None else sizes.desired,
            },
            update_config={"maxUnavailable": max_unavailable},
            node_repair_config={"enabled": True},
            labels=dict(labels) if labels else None,
            taints=[_taint(taint) for taint in taints] or None,
            version=version,
            release_version=release_version,
            launch_template={
                "id": self.launch_template.ref,
                "version": self.launch_template.attr_latest_version_number,
            },
        )
        self.resource.node.add_dependency(*cluster.nodes_ready)
        if fips and subnets is None and cluster.network.isolated:
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:fips-without-a-way-out", _NO_WAY_TO_FIPS)
        if cluster.waits_for(scope):
            cluster.register_nodes(self)

    def _make_role(self, *, session_manager: bool) -> str:
        # https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
        made = make_role(
            self,
            "Role",
            description=f"Nodes of EKS cluster {self.cluster.name}",
            trust=document({"Principal": {"Service": f"ec2.{_aws.url_suffix()}"}, "Action": "sts:AssumeRole"}),
            aws_policies={**_POLICIES, **(_SESSION_POLICY if session_manager else {})},
        )
        return made.attr_arn

    def _make_launch_template(
        self, id: str, settings: str, system: OperatingSystem, disk_gib: int, security_group_id: str
    ) -> ec2.CfnLaunchTemplate:
        volume = {"encrypted": True, "kmsKeyId": self.cluster.keys.volumes.key_arn, "volumeType": "gp3"}
        data = {**volume, "volumeSize": disk_gib, "deleteOnTermination": True}
        # Bottlerocket keeps the system apart from containers and their data.
        devices = {"/dev/xvda": {**volume, "deleteOnTermination": True}, "/dev/xvdb": data}
        if system is OperatingSystem.AL2023:
            devices = {"/dev/xvda": data}
        name = f"{self.cluster.name}-{id}"
        tags = [{"key": "Name", "value": name}]
        launch: dict[str, Any] = {
            "metadataOptions": {
                "httpEndpoint": "enabled",
                "httpTokens": "required",
                "httpPutResponseHopLimit": 1,
                "instanceMetadataTags": "disabled",
            },
            "blockDeviceMappings": [{"deviceName": device, "ebs": ebs} for device, ebs in devices.items()],
            "networkInterfaces": [
                {
                    "deviceIndex": 0,
                    "associatePublicIpAddress": False,
                    "deleteOnTermination": True,
                    "groups": [security_group_id],
                }
            ],
            "monitoring": {"enabled": True},
            "tagSpecifications": [{"resourceType": kind, "tags": tags} for kind in ("instance", "volume")],
            "userData": base64.b64encode(settings.encode()).decode(),
        }
        return ec2.CfnLaunchTemplate(self, "LaunchTemplate", launch_template_data=launch)


def _taint(taint: Taint) -> dict[str, str]:
    value = {"value": taint.value} if taint.value else {}
    return {"key": taint.key, "effect": taint.effect.value, **value}
