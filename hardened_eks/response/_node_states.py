"""The states that quarantine a node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.response._states import DECIDE, DONE, FAILED, assigning, call, caught, choice, expression

if TYPE_CHECKING:
    from hardened_eks.response._action import Surroundings
    from hardened_eks.response._states import States

TAG: Final = "hardened-eks:quarantine"
"""Tag of a quarantined instance and its snapshots, with the execution as its value."""
# EC2 does not track connections of a group that allows all traffic in both directions. Only untracked connections end
# at once with the next group:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html and
# https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-awssupport-containec2instance.html
_EVERYTHING: Final = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]
_ITEM: Final = expression("$states.input")


def look(around: Surroundings, isolation: str) -> States:
    tag = f"kubernetes.io/cluster/{around.cluster}"
    # The filters of the call have the same conditions; a node is checked twice before its isolation.
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


def contain(around: Surroundings, *, isolation: str, transit: str) -> States:
    """Return the states that protect, detach and isolate the node. Only a failed isolation fails the execution."""

    def rules(action: str, direction: str, next_: str, note: str = "") -> dict[str, Any]:
        arguments = {"GroupId": transit, "IpPermissions": _EVERYTHING}
        assign = {"notes": expression(f"$notes & '{note}'")} if note else {"notes": expression("$notes")}
        return call(
            "ec2",
            f"{action}SecurityGroup{direction}",
            arguments,
            next_,
            # The rules may already exist, or no longer exist, if another node is being quarantined.
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


def keep(around: Surroundings) -> States:
    """Return the states that take snapshots, mark the node and report the result."""
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
            "StartAt": f"{_moving(next_)}",
            "States": {_moving(next_): {**move, "End": True}},
        },
        "Catch": [catch],
        "Next": next_,
    }


def _moving(next_: str) -> str:
    """Return the name of the state in a Map that moves an interface: names are unique in a state machine."""
    return f"MoveThen{next_}"
