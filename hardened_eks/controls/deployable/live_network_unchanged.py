from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.deployable._changes import before, changed
from hardened_eks.controls.deployable.subnets_span_zones import zone_of
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import CLUSTER, NODEGROUP, SUBNET, VPC, clusters_in, subnets_of

_FIXED = {
    VPC: ("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength"),
    SUBNET: ("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "Ipv6Native", "VpcId"),
}


@control(
    id="DP-68",
    title="The VPC and subnets of a deployed cluster keep their address ranges and zones",
    types=(CLUSTER, *_FIXED),
    needs="assembly",
    evidence="template",
    severity=Severity.CRITICAL,
    family=Family.DEPLOYABLE,
    why=(
        "The change replaces the VPC or subnet. EC2 does not delete one that still has network interfaces of the "
        "control plane and nodes (DependencyViolation), and EKS accepts only subnets of the same VPC and the same "
        "zones (InvalidParameterException)."
    ),
    fix="Keep the ranges and zones. Add a secondary range, or create a second cluster next to the first one.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    detective="Only the account knows what was deployed before.",
)
def live_network_unchanged(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old, earlier = before(resource, assembly), assembly.previous
    if old is None or earlier is None:
        return
    if resource.type == CLUSTER:
        was, now = _zones(old, earlier), _zones(resource, assembly)
        if was and not now:
            yield from not_seen(resource, assembly, "ResourcesVpcConfig.SubnetIds", SUBNET)
        if was and now and was != now:
            message = f"the zones of the cluster change: {_told(was)} before, {_told(now)} now"
            yield Problem(message, "ResourcesVpcConfig.SubnetIds")
        first, second = _vpc(old, earlier), _vpc(resource, assembly)
        if first and second and first != second:
            message = f"the VPC of the cluster changes from {first} to {second}"
            yield Problem(message, "ResourcesVpcConfig.SubnetIds")
        if first and not second and subnets_of(resource, assembly):
            yield Problem(
                "the VPC of its subnets is not among the templates",
                "ResourcesVpcConfig.SubnetIds",
                cause="a VPC that is not seen",
                unseen=True,
            )
        return
    users = clusters_in(old, earlier) if resource.type == VPC else list(earlier.referring(old, CLUSTER, NODEGROUP))
    vpc = assembly.target(resource.get("VpcId"), VPC, near=resource)
    above = before(vpc, assembly) if vpc is not None else None
    moved = vpc is not None and above is not None and changed(vpc, above, "CidrBlock")
    for path in _FIXED[resource.type] if users else ():
        if changed(resource, old, path) and not (moved and path == "CidrBlock"):  # the change of the VPC is the cause
            yield Problem(f"{path} changes under {users[0].logical_id}, which replaces the {_kind(resource)}", path)


def _zones(cluster: Resource, assembly: Assembly) -> set[str]:
    """Return the zones of the subnets of a cluster; empty if one is not known."""
    subnets = subnets_of(cluster, assembly)
    zones = [zone_of(subnet) for subnet in subnets]
    known = len(subnets) == len(cluster.items("ResourcesVpcConfig.SubnetIds")) and all(zones)
    return {zone for zone in zones if zone} if known else set()


def _vpc(cluster: Resource, assembly: Assembly) -> str:
    """Return the logical ID of the VPC of a cluster; empty if the assembly does not contain it."""
    vpcs = {
        vpc.logical_id
        for subnet in subnets_of(cluster, assembly)
        if (vpc := assembly.target(subnet.get("VpcId"), VPC, near=subnet)) is not None
    }
    return vpcs.pop() if len(vpcs) == 1 else ""


def _told(zones: set[str]) -> str:
    return ", ".join(sorted(zones)) if all(zone.isascii() and "{" not in zone for zone in zones) else f"{len(zones)}"


def _kind(resource: Resource) -> str:
    return "VPC" if resource.type == VPC else "subnet"
