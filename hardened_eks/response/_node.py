"""The quarantine of a node: it is kept as evidence, without any network traffic."""

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
    """An action that isolates a node and keeps it: protected from termination, detached, with snapshots of its volumes.

    Input: ``instanceId``, or a GuardDuty finding that names an instance. Instances of other clusters are not changed.

    A change of security groups does not close connections that EC2 already tracks. So each network interface first gets
    a group that allows everything, whose connections are not tracked, and then one without rules. The first group has
    these rules only while an execution runs. Pods keep running on the node. The report contains the ``kubectl``
    commands, because Step Functions can reach only public endpoints of Kubernetes. Only EKS can change instances of EKS
    Auto Mode.
    """

    name: ClassVar[str] = "quarantine-node"
    """Name of the action, as in `Response.state_machine_arns`."""
    answers: ClassVar[tuple[str, ...]] = ("guardduty-critical", "guardduty-eks", "guardduty-high")
    """Detections that can start the action."""

    triggers: tuple[str, ...] = ()
    """Detections that start the action, of ``guardduty-critical``, ``guardduty-eks`` and ``guardduty-high``. Default:
    none; people start it."""

    def steps(self, around: Surroundings) -> Steps:
        """Create the two security groups, and return the steps of the action. `Response` calls this.

        Args:
            around: the environment of the action.
        """
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
            wildcard="describe calls of EC2 and Auto Scaling take no resource ARN",
        )
