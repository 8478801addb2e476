from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen, not_seen, value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.launch import AUTO_SCALING, NODEGROUP, entries
from hardened_eks.evidence.views.launch_source import launch_template

_SUBNETS = {NODEGROUP: "Subnets", AUTO_SCALING: "VPCZoneIdentifier"}
_PLACEMENT = "LaunchTemplateData.Placement.GroupName"
_MARKET = "LaunchTemplateData.InstanceMarketOptions.MarketType"


@control(
    id="DP-90",
    title="Node groups that must run in one Availability Zone have subnets in one zone only",
    types=(NODEGROUP, AUTO_SCALING),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "A Capacity Block, a placement group with the cluster strategy and EFA each work within one zone. In other "
        'zones EC2 launches nothing ("the instance types do not exist"), or nodes do not reach each other.'
    ),
    fix="Give the group one subnet, in the zone of the capacity reservation or of the placement group.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html",
    blind="Whether the zone is that of the capacity reservation.",
    enforced_by="NodeGroup",
)
def one_zone_where_needed(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    subnets = _SUBNETS[resource.type]
    why, zones = _why(resource, assembly), _zones(resource, assembly)
    listed = any(isinstance(value, Unknown) for _, value in entries(resource, subnets))  # perhaps as a whole
    if why and zones > 1:
        yield Problem(f"{why}, but its subnets are in several zones", subnets)
    elif why and listed:
        yield from not_seen(resource, assembly, subnets, "AWS::EC2::Subnet")
    elif zones > 1 or listed:
        yield from _hidden(resource, assembly)


def _hidden(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield the unseen settings that could require a single zone for a group."""
    yield from launch_not_seen(group, assembly, "NetworkInterfaces", "Placement")
    template = launch_template(group, assembly)
    if template is not None:
        name = template.get(_PLACEMENT)
        yield from value_not_seen(template, assembly, "LaunchTemplate", name, "AWS::EC2::PlacementGroup")


def _why(group: Resource, assembly: Assembly) -> str:
    """Return the reason why a group must be in one zone; empty if there is none."""
    if group.get("CapacityType") == "CAPACITY_BLOCK":
        return "it uses a Capacity Block"
    template = launch_template(group, assembly)
    if template is None:
        return ""
    if template.get(_MARKET) == "capacity-block":
        return f"its launch template {template.logical_id} uses a Capacity Block"
    for _, interface in entries(template, "LaunchTemplateData.NetworkInterfaces"):
        if isinstance(interface, dict) and str(interface.get("InterfaceType")).startswith("efa"):
            return f"its launch template {template.logical_id} uses EFA"
    placement = assembly.target(template.get(_PLACEMENT), "AWS::EC2::PlacementGroup", near=template)
    if placement is not None and placement.get("Strategy", "cluster") == "cluster":
        return f"the placement group {placement.logical_id} keeps its nodes together"
    return ""


def _zones(group: Resource, assembly: Assembly) -> int:
    """Return the number of zones of the subnets of a group; a subnet with an unknown zone counts as another zone."""
    zones = set()
    for path, value in entries(group, _SUBNETS[group.type]):
        subnet = assembly.target(value, "AWS::EC2::Subnet", near=group)
        zone = None if subnet is None else subnet.get("AvailabilityZone")
        zones.add(zone if isinstance(zone, str) else path)
    return len(zones)
