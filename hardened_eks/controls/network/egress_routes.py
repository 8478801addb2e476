from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import wide_destination

_PEER: Final = "VpcPeeringConnectionId"
_WAYS: Final = {
    "InstanceId": "an instance",
    "NetworkInterfaceId": "a network interface, as NAT instances are reached",
    "EgressOnlyInternetGatewayId": "an egress-only internet gateway",
    "TransitGatewayId": "a transit gateway",
    _PEER: "a peered VPC",
    "CoreNetworkArn": "a core network",
    "CarrierGatewayId": "a carrier gateway",
    "LocalGatewayId": "a local gateway",
}


@control(
    id="NW-25",
    title="No route leads everywhere by an instance, a peer, a transit gateway or an egress-only gateway",
    requirement=("vpc.network_firewall", "vpc.connectivity.controlled"),
    types=("AWS::EC2::Route",),
    severity=Severity.MEDIUM,
    why=(
        "Such a route is a way out that no internet gateway in the template shows: through a machine that somebody "
        "must patch, or a network that somebody else decides on."
    ),
    fix=(
        "Route the ranges that are needed. Where a central network inspects what leaves, waive this control for the "
        "route with the reason."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html",
    blind=(
        "What is at the other end. Internet gateways are evaluated by NW-04, peerings of the assembly by NW-20. NAT "
        "gateways, virtual private gateways and endpoints of firewalls are left out: their way on is a route of NW-04. "
        "Private ranges, and public ones longer than /12, are narrow. A prefix list outside the assembly counts as the "
        "internet."
    ),
    detective="No construct makes such routes: Network routes to NAT gateways alone, where that is chosen.",
)
def egress_routes(route: Resource, assembly: Assembly) -> Iterator[Problem]:
    destination = wide_destination(route, assembly)
    for name, way in _WAYS.items():
        way_out = route.get(name)
        if not destination or way_out is None:
            continue
        if name != _PEER or assembly.target(way_out, "AWS::EC2::VPCPeeringConnection", near=route) is None:
            yield Problem(f"{destination} is routed to {way}", name)
