"""Quarantine a node: keep it for evidence, and let nothing in or out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hardened_eks._asked import key_arn_of
from hardened_eks.network._security_group import SecurityGroup
from hardened_eks.response._action import Action
from hardened_eks.response._node_rights import rights
from hardened_eks.response._node_states import contain, keep, look
from hardened_eks.response._states import Steps

if TYPE_CHECKING:
    from hardened_eks.response._action import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineNode(Action):
    """Isolate a node of the cluster and keep it: protected from termination, out of its group, volumes in snapshots.

    Input: ``instanceId``, or a GuardDuty finding that names an instance. An instance of another cluster is left alone.

    A security group does not cut connections that it already tracks. So each network interface first gets a group that
    tracks none, because it admits everything, and then one without rules. The first one has these rules only while an
    execution runs. Pods keep running on the node; the report has the ``kubectl`` lines, since Step Functions reaches
    public endpoints of Kubernetes only. Instances of EKS Auto Mode cannot be changed by anybody but EKS.
    """

    name: ClassVar[str] = "quarantine-node"
    """Name of the action, as in `Response.state_machine_arns`."""
    answers: ClassVar[tuple[str, ...]] = ("guardduty-critical", "guardduty-eks", "guardduty-high")
    """Detections that can start the action."""

    triggers: tuple[str, ...] = ()
    """Detections that start it, of ``guardduty-critical``, ``guardduty-eks`` and ``guardduty-high``. Default: none, it
    is started by hand."""

    def steps(self, around: Surroundings) -> Steps:
        """Create the two security groups and return what it does."""
        network = around.described.network
        vpc_id = network.vpc_id
        isolation = SecurityGroup(
            around.scope, "Isolation", description=f"Quarantined nodes of {around.cluster}: no traffic", vpc_id=vpc_id
        ).group_id
        transit = SecurityGroup(
            around.scope,
            "Untracking",
            description=f"Nodes of {around.cluster} on their way into quarantine: no rules while nobody is",
            vpc_id=vpc_id,
        ).group_id
        volumes_key = key_arn_of(around.described.keys.volumes)
        return Steps(
            title=f"Quarantine a node of EKS cluster {around.cluster}",
            inputs={
                "instanceId": "$exists($states.input.instanceId) ? $string($states.input.instanceId) : "
                "$exists($event.detail.resource.instanceDetails.instanceId) ? "
                "$event.detail.resource.instanceDetails.instanceId : 'none'",
            },
            target="$instanceId",
            look=look(around, isolation),
            change=contain(around, isolation=isolation, transit=transit) | keep(around),
            reads=[
                {
                    "Sid": "FindNode",
                    "Action": ["ec2:DescribeInstances", "autoscaling:DescribeAutoScalingInstances"],
                    "Resource": "*",
                },
            ],
            writes=rights(around.cluster, vpc_id, isolation=isolation, transit=transit, volumes_key=volumes_key),
            wildcard="describe calls of EC2 and Auto Scaling know no resource",
        )
