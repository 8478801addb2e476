from collections.abc import Iterator
from typing import Any

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.regions import REFUSED_ZONES
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.eks_roles import is_local


@control(
    id="DP-14",
    title="The subnets of a cluster are in at least two Availability Zones",
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='EKS returns "Subnets specified must be in at least two different AZs" and the stack rolls back.',
    fix="Pass subnets of two or three zones.",
    blind="Local clusters on Outposts, which are in one zone.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    enforced_by="Cluster",
)
def subnets_span_zones(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    values = resource.items("ResourcesVpcConfig.SubnetIds")
    if not values or is_local(resource):
        return
    subnets = [assembly.target(value, "AWS::EC2::Subnet", near=resource) for value in values]
    if (len(set(map(str, values))) < 2 and not any(isinstance(value, Unknown) for value in values)) or (
        len(values) == 1 and (subnets[0] is not None or _is_one(resource.get("ResourcesVpcConfig.SubnetIds")))
    ):
        yield Problem("only one subnet is set", "ResourcesVpcConfig.SubnetIds")
    elif all(subnet is not None for subnet in subnets):
        zones = {
            str(subnet.get("AvailabilityZone") or subnet.get("AvailabilityZoneId") or subnet.id) if subnet else ""
            for subnet in subnets
        }
        indexed = {zone_of(subnet) for subnet in subnets if subnet is not None}
        if len(indexed if None not in indexed else zones) < 2:
            yield Problem(f"all {len(values)} subnets are in one Availability Zone", "ResourcesVpcConfig.SubnetIds")
    elif len({zone_of(subnet) for subnet in subnets if subnet is not None} - {None}) < 2:
        yield from not_seen(resource, assembly, "ResourcesVpcConfig.SubnetIds", "AWS::EC2::Subnet")
    for index, subnet in enumerate(subnets):
        zone = str(subnet.get("AvailabilityZoneId") or "") if subnet is not None else ""
        if zone in REFUSED_ZONES.values():
            yield Problem(f"EKS does not support control planes in {zone}", f"ResourcesVpcConfig.SubnetIds.{index}")


def _is_one(written: Any) -> bool:
    """Return whether the only item of a list is one value: an import, or a parameter that takes one subnet."""
    if not isinstance(written, list) or not isinstance(item := written[0], Unknown):
        return False
    expression = item.expression if isinstance(item.expression, dict) else {}
    parameter = item.template.section("Parameters").get(str(expression.get("Ref")))
    return "Fn::ImportValue" in expression or (
        isinstance(parameter, dict) and parameter.get("Type") == "AWS::EC2::Subnet::Id"
    )


def zone_of(subnet: Resource) -> str | None:
    """Return the zone as written, or by its index in Fn::GetAZs."""
    zone = subnet.get("AvailabilityZone")
    if isinstance(zone, str):
        return zone
    return _plain(zone.expression) if isinstance(zone, Unknown) else None


def _plain(expression: Any) -> str:
    """Normalize an index in Fn::GetAZs: the index as a string, and the own Region as an empty string."""
    parts = expression.get("Fn::Select") if isinstance(expression, dict) else None
    if not isinstance(parts, list) or len(parts) != 2:
        return repr(expression)
    zones = {"Fn::GetAZs": ""} if parts[1] == {"Fn::GetAZs": {"Ref": "AWS::Region"}} else parts[1]
    return repr([str(parts[0]), zones])
