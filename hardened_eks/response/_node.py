"""Quarantine a node: keep it for evidence, and let nothing in or out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hardened_eks import _aws
from hardened_eks.network._security_group import SecurityGroup
from hardened_eks.response._action import Action
from hardened_eks.response._states import DECIDE, DONE, FAILED, Steps, assigning, call, caught, choice, expression

if TYPE_CHECKING:
    from hardened_eks.response._action import Surroundings
    from hardened_eks.response._states import States

TAG: Final = "hardened-eks:quarantine"
"""Tag of a quarantined instance and of its snapshots; its value is the execution that did it."""
# All traffic both ways is what makes EC2 stop tracking connections; only those that are not tracked end at once with
# the next group: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html and
# https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-awssupport-containec2instance.html
_EVERYTHING: Final = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]
_ITEM: Final = expression("$states.input")


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
    answers: ClassVar[tuple[str, ...]] = ("guardduty-critical", "guardduty-eks", "guardduty-high")

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
        volumes_key = around.described.keys.volumes.key_arn
        return Steps(
            title=f"Quarantine a node of EKS cluster {around.cluster}",
            inputs={
                "instanceId": "$exists($states.input.instanceId) ? $string($states.input.instanceId) : "
                "$exists($event.detail.resource.instanceDetails.instanceId) ? "
                "$event.detail.resource.instanceDetails.instanceId : 'none'",
            },
            look=_look(around, isolation),
            change=_contain(around, isolation=isolation, transit=transit) | _keep(around),
            reads=[
                {
                    "Sid": "FindNode",
                    "Action": ["ec2:DescribeInstances", "autoscaling:DescribeAutoScalingInstances"],
                    "Resource": "*",
                },
            ],
            writes=_writes(around.cluster, vpc_id, isolation=isolation, transit=transit, volumes_key=volumes_key),
            wildcard="describe calls of EC2 and Auto Scaling know no resource",
        )


def _look(around: Surroundings, isolation: str) -> States:
    tag = f"kubernetes.io/cluster/{around.cluster}"
    # The filters of the call say the same; what is about to be isolated is looked at twice.
    node = (
        "($states.result.Reservations.Instances[InstanceId = $instanceId and "
        f"$count(Tags[Key = '{tag}' and Value = 'owned']) = 1])[0]"
    )
    unfinished = (
        f"$count($node.NetworkInterfaces[Groups.GroupId != '{isolation}']) > 0 or $not('{TAG}' in $node.Tags.Key)"
    )
    plan = (
        f"$found ? ({unfinished} ? 'isolate the node ' & $node.PrivateDnsName & ' (' & $instanceId & ') of "
        f"{around.cluster}: protect it from termination, ' & ($group = '' ? '' : 'detach it from the Auto Scaling "
        "group ' & $group & ', ') & 'close its network interfaces to all traffic and take snapshots of its volumes.'"
        f" : 'The node ' & $instanceId & ' is in quarantine.') : 'No node of {around.cluster} is called ' & "
        "$instanceId & '.'"
    )
    return {
        "FindNode": call(
            "ec2",
            "describeInstances",
            {
                "Filters": [
                    {"Name": "instance-id", "Values": [expression("$instanceId")]},
                    {"Name": f"tag:{tag}", "Values": ["owned"]},
                    {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]},
                ]
            },
            "FindGroup",
            assign={"found": expression(f"$exists({node})"), "node": expression(f"$exists({node}) ? {node} : {{}}")},
            partition=around.partition,
        ),
        "FindGroup": call(
            "autoscaling",
            "describeAutoScalingInstances",
            {"InstanceIds": [expression("$instanceId")]},
            "Plan",
            assign={
                "group": expression(
                    "$exists($states.result.AutoScalingInstances[0]) ? "
                    "$states.result.AutoScalingInstances[0].AutoScalingGroupName : ''"
                ),
            },
            partition=around.partition,
        ),
        "Plan": assigning(
            DECIDE, needed=expression(f"$found ? ({unfinished}) : false"), plan=expression(plan), notes=""
        ),
    }


def _contain(around: Surroundings, *, isolation: str, transit: str) -> States:
    """Return the states that protect, detach and isolate the node; only the isolation itself must not fail."""

    def rules(action: str, direction: str, next_: str, note: str = "") -> dict[str, Any]:
        arguments = {"GroupId": transit, "IpPermissions": _EVERYTHING}
        assign = {"notes": expression(f"$notes & '{note}'")} if note else {"notes": expression("$notes")}
        return call(
            "ec2",
            f"{action}SecurityGroup{direction}",
            arguments,
            next_,
            # Rules that are there already, or are gone already: another node is on its way into quarantine.
            catch=[caught(next_, "States.ALL", **assign)],
            partition=around.partition,
        )

    return {
        "Protect": call(
            "ec2",
            "modifyInstanceAttribute",
            {"InstanceId": expression("$instanceId"), "DisableApiTermination": {"Value": True}},
            "IsItInAGroup",
            catch=[caught("IsItInAGroup", notes=expression("$notes & ' It has no termination protection (Spot).'"))],
            partition=around.partition,
        ),
        "IsItInAGroup": choice("AdmitEverything", Detach="$group != ''"),
        "Detach": call(
            "autoscaling",
            "detachInstances",
            {
                "InstanceIds": [expression("$instanceId")],
                "AutoScalingGroupName": expression("$group"),
                "ShouldDecrementDesiredCapacity": False,
            },
            "AdmitEverything",
            catch=[
                caught(
                    "AdmitEverything",
                    notes=expression("$notes & ' It is still in its Auto Scaling group, which may terminate it.'"),
                )
            ],
            partition=around.partition,
        ),
        "AdmitEverything": rules("authorize", "Ingress", "ReachEverything"),
        "ReachEverything": rules("authorize", "Egress", "Untrack"),
        "Untrack": _each_interface(
            around,
            transit,
            "LetConnectionsGo",
            caught("Isolate", notes=expression("$notes & ' Connections that were open may still be.'")),
        ),
        "LetConnectionsGo": {"Type": "Wait", "Seconds": 5, "Next": "Isolate"},
        "Isolate": _each_interface(around, isolation, "AdmitNothing", caught("AdmitNothing")),
        "AdmitNothing": rules("revoke", "Ingress", "ReachNothing"),
        "ReachNothing": rules("revoke", "Egress", "IsItIsolated"),
        "IsItIsolated": choice("TakeSnapshots", **{FAILED: "$failure != ''"}),
    }


def _keep(around: Surroundings) -> States:
    """Return the states that take snapshots, mark the node and say what was done."""
    mark = expression("$states.context.Execution.Name")
    snapshot_tags = [{"Key": TAG, "Value": mark}, {"Key": f"{TAG}-of", "Value": expression("$instanceId")}]
    kubectl = (
        "kubectl cordon ' & $node.PrivateDnsName & ' and, to move its pods: kubectl drain ' & $node.PrivateDnsName & "
        "' --ignore-daemonsets --delete-emptydir-data --force --disable-eviction"
    )
    return {
        "TakeSnapshots": call(
            "ec2",
            "createSnapshots",
            {
                "InstanceSpecification": {"InstanceId": expression("$instanceId")},
                "Description": expression(f"'Evidence: ' & $instanceId & ' of EKS cluster {around.cluster}'"),
                "TagSpecifications": [{"ResourceType": "snapshot", "Tags": snapshot_tags}],
            },
            "Mark",
            assign={"snapshots": expression("$join($states.result.Snapshots.SnapshotId, ', ')")},
            partition=around.partition,
        ),
        "Mark": call(
            "ec2",
            "createTags",
            {"Resources": [expression("$instanceId")], "Tags": [{"Key": TAG, "Value": mark}]},
            "SayDone",
            partition=around.partition,
        ),
        "SayDone": assigning(
            DONE,
            done=expression(
                f"'The node ' & $node.PrivateDnsName & ' (' & $instanceId & ') of {around.cluster} is isolated; its "
                "volumes are in ' & $snapshots & '.' & $notes & ' Now run, with a connection to the private endpoint: "
                f"{kubectl}.'"
            ),
        ),
    }


def _each_interface(around: Surroundings, group: str, next_: str, catch: dict[str, Any]) -> dict[str, Any]:
    move = call(
        "ec2",
        "modifyNetworkInterfaceAttribute",
        {"NetworkInterfaceId": _ITEM, "Groups": [group]},
        "",
        partition=around.partition,
    )
    del move["Next"], move["Catch"]
    return {
        "Type": "Map",
        "Items": expression("[$node.NetworkInterfaces.NetworkInterfaceId]"),
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": f"{group_state(next_)}",
            "States": {group_state(next_): {**move, "End": True}},
        },
        "Catch": [catch],
        "Next": next_,
    }


def group_state(next_: str) -> str:
    """Return the name of the state in a Map that moves an interface: names are unique in a state machine."""
    return f"MoveThen{next_}"


def _writes(cluster: str, vpc_id: str, *, isolation: str, transit: str, volumes_key: str) -> list[dict[str, Any]]:
    of_cluster = {f"aws:ResourceTag/kubernetes.io/cluster/{cluster}": "owned"}
    instances, snapshots = _aws.arn("ec2", "instance/*"), f"arn:{_aws.partition()}:ec2:{_aws.region()}::snapshot/*"
    through_ec2 = {"StringEquals": {"kms:ViaService": f"ec2.{_aws.region()}.amazonaws.com"}}
    return [
        {
            "Sid": "KeepNode",
            "Action": ["ec2:ModifyInstanceAttribute", "ec2:CreateSnapshots"],
            "Resource": instances,
            "Condition": {"StringEquals": of_cluster},
        },
        {
            "Sid": "MarkNode",
            "Action": "ec2:CreateTags",
            "Resource": instances,
            "Condition": {"StringEquals": of_cluster, "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]}},
        },
        {
            "Sid": "DetachNode",
            "Action": "autoscaling:DetachInstances",
            "Resource": _aws.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
            "Condition": {"StringEquals": of_cluster},
        },
        # Interfaces have no tags of the cluster. They can only be moved within its VPC, and only into these groups.
        {
            "Sid": "MoveInterfaces",
            "Action": "ec2:ModifyNetworkInterfaceAttribute",
            "Resource": _aws.arn("ec2", "network-interface/*"),
            "Condition": {"ArnEquals": {"ec2:Vpc": _aws.arn("ec2", f"vpc/{vpc_id}")}},
        },
        {
            "Sid": "IntoQuarantine",
            "Action": "ec2:ModifyNetworkInterfaceAttribute",
            "Resource": [_aws.arn("ec2", f"security-group/{group}") for group in (isolation, transit)],
        },
        {
            "Sid": "Untrack",
            "Action": [
                f"ec2:{verb}SecurityGroup{direction}"
                for verb in ("Authorize", "Revoke")
                for direction in ("Ingress", "Egress")
            ],
            "Resource": _aws.arn("ec2", f"security-group/{transit}"),
        },
        # EC2 also asks for the instance, by KeepNode: these are the volumes of a node and of nothing else.
        {"Sid": "ReadVolumes", "Action": "ec2:CreateSnapshots", "Resource": _aws.arn("ec2", "volume/*")},
        {
            "Sid": "NewSnapshots",
            "Action": "ec2:CreateSnapshots",
            "Resource": snapshots,
            "Condition": {"Null": {f"aws:RequestTag/{TAG}": "false"}},
        },
        {
            "Sid": "MarkSnapshots",
            "Action": "ec2:CreateTags",
            "Resource": snapshots,
            "Condition": {"StringEquals": {"ec2:CreateAction": "CreateSnapshots"}},
        },
        # https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
        {
            "Sid": "EncryptSnapshots",
            "Action": ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
            "Resource": volumes_key,
            "Condition": through_ec2,
        },
        {
            "Sid": "EncryptSnapshotsLater",
            "Action": "kms:CreateGrant",
            "Resource": volumes_key,
            "Condition": {**through_ec2, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
