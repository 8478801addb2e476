from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.vpc import ENDPOINT, SUBNET, VPC


@control(
    id="NW-06",
    title="Subnets and interface endpoints span two Availability Zones",
    requirement="vpc.multi_az",
    types=(VPC, ENDPOINT),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "If all subnets are in one zone, the cluster fails with that zone. If an endpoint is in one zone, the cluster "
        "loses its connection to AWS with that zone."
    ),
    fix="Spread the subnets over at least two zones, and give each interface endpoint a subnet in each.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    blind="Subnets whose zone EC2 chooses together count as one zone.",
    enforced_by="Network",
)
def multi_az(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == VPC:
        subnets = [
            s for s in assembly.referring(resource, SUBNET) if assembly.target(s.get("VpcId"), VPC, near=s) is resource
        ]
        if subnets and len({_zone(subnet) for subnet in subnets}) < 2:
            yield Problem(f"its {len(subnets)} subnets are not known to be in two Availability Zones")
    elif resource.get("VpcEndpointType", "Gateway") == "Interface":
        yield from _endpoint(resource, assembly)


def _endpoint(endpoint: Resource, assembly: Assembly) -> Iterator[Problem]:
    subnets = endpoint.items("SubnetIds")
    if any(isinstance(s, Unknown) and assembly.target(s) is None for s in subnets) and len(subnets) == 1:
        yield from not_seen(endpoint, assembly, "SubnetIds", SUBNET)  # perhaps a list as a whole
        return
    known = [assembly.target(subnet, SUBNET, near=endpoint) for subnet in subnets]
    zones = {_zone(found) if found is not None else str(raw) for raw, found in zip(subnets, known, strict=True)}
    if len(zones) < 2:
        yield Problem("its network interfaces are not known to be in two Availability Zones", "SubnetIds")


def _zone(subnet: Resource) -> str:
    zone = subnet.get("AvailabilityZone", subnet.get("AvailabilityZoneId", ""))
    return repr(zone.expression) if isinstance(zone, Unknown) else str(zone)
