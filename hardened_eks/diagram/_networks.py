"""VPCs: their tiers, routes out, endpoints and monitoring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks.diagram._names import known, name_of, named
from hardened_eks.diagram.facts import Network, Tier
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.views.vpc import SUBNET, VPC, endpoints_in, internet_subnet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_WAYS: Final = {
    "AWS::EC2::VPCGatewayAttachment": "internet gateway",
    "AWS::EC2::EgressOnlyInternetGateway": "egress-only internet gateway",
    "AWS::EC2::TransitGatewayAttachment": "transit gateway",
    "AWS::EC2::TransitGatewayVpcAttachment": "transit gateway",
    "AWS::EC2::VPCPeeringConnection": "peering",
    "AWS::EC2::VPNGateway": "VPN",
    "AWS::EC2::InstanceConnectEndpoint": "Instance Connect endpoint",
}
"""Type of a VPC resource -> its name in the diagram."""
_NUMBER: Final = re.compile(r"\d+$")
_TIER: Final = "aws-cdk:subnet-name"


def networks(assembly: Assembly) -> Iterator[Network]:
    """Yield every VPC."""
    for vpc in assembly.of(VPC):
        subnets = [one for one in assembly.of(SUBNET) if assembly.target(one.get("VpcId"), VPC, near=one) is vpc]
        yield Network(
            name=name_of(vpc, assembly),
            range=known(vpc.get("CidrBlock", "from IPAM")),
            ways_out=tuple(_ways(vpc, subnets, assembly)),
            watched=tuple(_watched(vpc, assembly)),
            tiers=tuple(_tiers(subnets, assembly)),
            endpoints=tuple(sorted({service for service, _ in endpoints_in(vpc, assembly)})),
        )


def _ways(vpc: Resource, subnets: list[Resource], assembly: Assembly) -> Iterator[str]:
    users = [*assembly.referring(vpc, *_WAYS)]
    for subnet in subnets:
        users += assembly.referring(subnet, "AWS::EC2::InstanceConnectEndpoint")
        if any(assembly.referring(subnet, "AWS::EC2::NatGateway")):
            yield f"NAT gateway in {name_of(subnet, assembly)}"
    yield from sorted({_WAYS[user.type] for user in users})


def _watched(vpc: Resource, assembly: Assembly) -> Iterator[str]:
    logs = list(assembly.referring(vpc, "AWS::EC2::FlowLog"))
    for log in logs:
        where = log.get("LogGroupName", log.get("LogDestination"))
        yield f"flow logs of {known(log.get('TrafficType', 'ALL')).lower()} traffic to {named(where, log, assembly)}"
    if not logs:
        yield "no flow logs"
    if any(assembly.referring(vpc, "AWS::Route53Resolver::FirewallRuleGroupAssociation")):
        yield "DNS firewall"
    if any(assembly.referring(vpc, "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation")):
        yield "DNS query logs"


def _tiers(subnets: list[Resource], assembly: Assembly) -> Iterator[Tier]:
    found: dict[str, list[str]] = {}
    for subnet in subnets:
        where = f"{_zone(subnet)}, {known(subnet.get('CidrBlock'))}"
        found.setdefault(_tier(subnet, assembly), []).append(where)
    yield from (Tier(name, tuple(places)) for name, places in found.items())


def _tier(subnet: Resource, assembly: Assembly) -> str:
    kind = "public" if internet_subnet(subnet, assembly) else "private"
    tags = {str(tag.get("Key")): tag.get("Value") for tag in subnet.items("Tags") if isinstance(tag, dict)}
    name = (
        known(tags[_TIER])
        if _TIER in tags
        else _NUMBER.sub("", name_of(subnet, assembly).removesuffix("/Subnet")).rpartition("/")[2]
    )
    return kind if name.lower() in {"", kind} else f"{name} ({kind})"


def _zone(subnet: Resource) -> str:
    zone = subnet.get("AvailabilityZone", subnet.get("AvailabilityZoneId", "any zone"))
    written = zone.expression if isinstance(zone, Unknown) else None
    chosen = written.get("Fn::Select") if isinstance(written, dict) else None
    if isinstance(chosen, list) and len(chosen) == 2 and str(chosen[0]).isdecimal() and "Fn::GetAZs" in str(chosen[1]):
        return f"zone {int(chosen[0]) + 1} of the Region"
    return known(zone)
