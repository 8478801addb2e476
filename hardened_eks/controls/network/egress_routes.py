from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import wide_destination

_PEER: Final = "VpcPeeringConnectionId"
_WAYS: Final = {
    "InstanceId": "an instance",
    "NetworkInterfaceId": "a network interface, such as that of a NAT instance",
    "EgressOnlyInternetGatewayId": "an egress-only internet gateway",
    "TransitGatewayId": "a transit gateway",
    _PEER: "a peered VPC",
    "CoreNetworkArn": "a core network",
    "CarrierGatewayId": "a carrier gateway",
    "LocalGatewayId": "a local gateway",
}


@control(
    id="NW-25",
    title="No default route leads to an instance, a peering, a transit gateway or an egress-only gateway",
    requirement=("vpc.network_firewall", "vpc.connectivity.controlled"),
    types=("AWS::EC2::Route",),
    severity=Severity.MEDIUM,
    why=(
        "Such a route is a way out of the VPC although the template has no internet gateway. It goes through an "
        "instance that somebody must patch, or through a network that somebody else controls."
    ),
    fix=(
        "Route only the ranges that are needed. If a central network inspects outgoing traffic, waive this control "
        "for the route and state the reason."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html",
    blind=(
        "The other end of the route. NW-04 evaluates internet gateways, NW-20 evaluates peerings of the assembly. NAT "
        "gateways, virtual private gateways and firewall endpoints are not evaluated here, because NW-04 evaluates "
        "their own route to the internet. Private ranges, and public ranges with a prefix longer than /12, count as "
        "narrow. A prefix list outside the assembly counts as the internet."
    ),
    detective="No construct creates such routes: Network routes only to NAT gateways, if you choose them.",
)
def egress_routes(route: Resource, assembly: Assembly) -> Iterator[Problem]:
    destination = wide_destination(route, assembly)
    for name, way in _WAYS.items():
        way_out = route.get(name)
        if not destination or way_out is None:
            continue
        if name != _PEER or assembly.target(way_out, "AWS::EC2::VPCPeeringConnection", near=route) is None:
            yield Problem(f"{destination} is routed to {way}", name)
