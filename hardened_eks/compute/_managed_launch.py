"""The launch settings of managed node groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from hardened_eks import _clock
from hardened_eks._l1 import create
from hardened_eks.compute import _image
from hardened_eks.compute._joining import Joining
from hardened_eks.compute._nodes import launch_of
from hardened_eks.compute._settings import OperatingSystem, Scaling

if TYPE_CHECKING:
    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.compute._launch import Launch
    from hardened_eks.compute._managed_arguments import NodeGroupArguments

EVIDENCE_TAG = "hardened-eks:image-evidence"
_OLD_DAYS = 60


def ami_type_of(given: NodeGroupArguments) -> str:
    """Return EKS's name of the image of a group."""
    if given.image is not None:
        return "CUSTOM"
    system, architecture = OperatingSystem(given.operating_system), given.types()[0].architectures[0]
    return _image.ami_type(system, architecture, fips=given.fips, nvidia=given.nvidia)


def update_config(given: NodeGroupArguments) -> dict[str, Any]:
    """Return the update settings, which define how an update replaces nodes."""
    strategy = {"updateStrategy": "MINIMAL"} if given.minimal_update else {}
    if given.max_unavailable_percent is not None:
        return {"maxUnavailablePercentage": given.max_unavailable_percent, **strategy}
    return {"maxUnavailable": given.max_unavailable, **strategy}


def managed_launch(given: NodeGroupArguments, id: str) -> Launch:
    """Return the launch settings of the nodes of a group."""
    extra: dict[str, Any] = {} if given.reservation is None else given.reservation.rendered()
    if given.placement_group is not None:
        extra["placement"] = {"groupName": given.placement_group.placement_group_name}
    return launch_of(
        given,
        id,
        image_id=None if given.image is None else given.image.id,
        joining=None if given.image is None else Joining.of(given, given.service_cidr),
        # https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
        instance_type=given.instance_types[0] if given.block else None,
        more_volumes=given.volumes,
        efa_cards=given.efa_cards,
        efa_first=given.efa_first,
        extra=extra,
    )


def warn_of_capacity(scope: Construct, given: NodeGroupArguments) -> None:
    """Warn of nodes that cannot start yet, and of an old image."""
    if not given.block and given.image is None:
        return
    annotations, sizes = cdk.Annotations.of(scope), given.scaling or Scaling()
    wanted = sizes.min if sizes.desired is None else sizes.desired
    if given.block and wanted != 0:
        annotations.add_warning_v2(
            "hardened-eks:capacity-block",
            f"{wanted} nodes are requested, but none can start before the Capacity Block begins. Use "
            "Scaling(min=0, desired=0) until then, and 0 for an upgrade as well (docs/how-to/choose-nodes.md)",
        )
    if given.image is not None:
        cdk.Tags.of(scope).add(EVIDENCE_TAG, given.image.evidence)
        age = given.image.age(_clock.today())
        if age > _OLD_DAYS:
            annotations.add_warning_v2(
                "hardened-eks:old-image",
                f"the image {given.image.id} was built {age} days ago, and only you patch it: build a new one",
            )


class EfaRules(Construct):
    """Security group rules that allow all traffic between the nodes of a cluster, because EFA has its own protocol.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-start.html#efa-start-security
    """

    def __init__(self, scope: Construct, id: str, *, cluster: ClusterLike) -> None:
        """Create the inbound and the outbound rule.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster whose nodes share a security group.
        """
        super().__init__(scope, id)
        group_id, what = cluster.node_security_group_id, "Elastic Fabric Adapter between nodes"
        create(
            ec2.CfnSecurityGroupIngress,
            self,
            "In",
            group_id=group_id,
            source_security_group_id=group_id,
            ip_protocol="-1",
            description=what,
        )
        create(
            ec2.CfnSecurityGroupEgress,
            self,
            "Out",
            group_id=group_id,
            destination_security_group_id=group_id,
            ip_protocol="-1",
            description=what,
        )
