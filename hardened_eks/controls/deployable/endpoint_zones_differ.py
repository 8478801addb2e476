from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.deployable.subnets_span_zones import zone_of
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.vpc import ENDPOINT, SUBNET


@control(
    id="DP-54",
    title="An endpoint has at most one subnet in each Availability Zone",
    types=(ENDPOINT,),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='EC2 returns DuplicateSubnetsInSameZone ("Found another VPC endpoint subnet in the availability zone").',
    fix="Give the endpoint one subnet in each zone.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    enforced_by="Network",
)
def endpoint_zones_differ(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if len(subnets := resource.items("SubnetIds")) > 1 or any(isinstance(value, Unknown) for value in subnets):
        yield from not_seen(resource, assembly, "SubnetIds", SUBNET)
    seen: dict[str, Resource] = {}
    for place, value in resource.each("SubnetIds"):
        subnet = assembly.target(value, SUBNET, near=resource)
        zone = zone_of(subnet) if subnet is not None else None
        if subnet is None or zone is None:
            continue
        first = seen.setdefault(zone, subnet)
        if first is not subnet:
            yield Problem(f"{subnet.logical_id} is in the same zone as {first.logical_id}", place)
