from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.launch import OVERRIDES, entries


@control(
    id="ND-18",
    title="Auto Scaling groups use launch templates, several zones and several instance types",
    requirement="node.asg.launch_template",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "Launch configurations get no new EC2 features. A group with a single zone or a single instance type fails "
        "when that zone or type is not available."
    ),
    fix="Use a mixed instances policy with a launch template and several instance types, over at least two zones.",
    blind="Instance types that are known only at deployment pass.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/autoscaling-controls.html",
    enforced_by="SelfManagedNodeGroup",
)
def asg_launch_template(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    policy = group.get("MixedInstancesPolicy")
    if group.get("LaunchConfigurationName") is not None:
        yield Problem("it uses a launch configuration", "LaunchConfigurationName")
    elif isinstance(policy, Unknown):
        yield Problem("it has no launch template", "MixedInstancesPolicy")
    elif not (group.get("LaunchTemplate") or policy):
        yield Problem("it has no launch template", "LaunchTemplate")
    path = "VPCZoneIdentifier" if group.items("VPCZoneIdentifier") else "AvailabilityZones"
    zones = list(_zones(group, path, assembly))
    if len(set(zones)) < 2 and None not in zones:
        yield Problem("it is in one zone only", path if zones else "VPCZoneIdentifier")
    elif None in zones and len(set(zones) - {None}) < 2 and path == "VPCZoneIdentifier":
        yield from not_seen(group, assembly, path, "AWS::EC2::Subnet")
    if policy is None:
        yield Problem("it has only one instance type (no MixedInstancesPolicy)", "MixedInstancesPolicy")
    elif not isinstance(policy, Unknown) and not _several_types(group):
        yield Problem("its mixed instances policy has only one instance type", OVERRIDES)


def _zones(group: Resource, path: str, assembly: Assembly) -> Iterator[str | None]:
    """Yield a value for each zone: the zone, or a subnet with an unknown zone; None for an unknown number."""
    for value in group.items(path):
        named = path == "VPCZoneIdentifier"
        subnet = assembly.target(value, "AWS::EC2::Subnet", near=group) if named else None
        if subnet is not None:
            zone = subnet.get("AvailabilityZone")
            yield subnet.id if zone is None else str(zone.expression if isinstance(zone, Unknown) else zone)
        elif isinstance(value, Unknown):
            yield None
        else:
            names = str(value).split(",")
            several = len(names) > 1 or len(group.items(path)) > 1
            yield from [None] * len(names) if several and named else names


def _several_types(group: Resource) -> bool:
    overrides = [value for _, value in entries(group, OVERRIDES)]
    if any(not isinstance(value, dict) or "InstanceRequirements" in value for value in overrides):
        return True
    return len({str(value.get("InstanceType")) for value in overrides if "InstanceType" in value}) > 1
