"""The network of the assembly: VPCs, subnets, routes and endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.ranges import PREFIX_LIST, in_prefix_list, is_internet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

VPC: Final = "AWS::EC2::VPC"
PUBLIC_SUBNETS: Final = "public subnets"
"""The cause that findings about subnets with a route to an internet gateway share."""
SUBNET: Final = "AWS::EC2::Subnet"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
CLUSTER: Final = "AWS::EKS::Cluster"
NODEGROUP: Final = "AWS::EKS::Nodegroup"
ADDON: Final = "AWS::EKS::Addon"
_DESTINATIONS: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
# Names begin with com.amazonaws, cn.com.amazonaws or eu.amazonaws, and in the isolated Regions with their own domain.
_SERVICE: Final = regex(
    r"(?:(?:.+\.)?amazonaws|gov\.ic\.(?:c2s|hci\.csp)|gov\.sgov\.sc2s|uk\.adc-e\.cloud)\.[^.]+\.(?P<service>.+)"
)


def subnets_of(user: Resource, assembly: Assembly) -> list[Resource]:
    """Return the subnets of a cluster or node group that are in the assembly."""
    path = "ResourcesVpcConfig.SubnetIds" if user.type == CLUSTER else "Subnets"
    return assembly.targets(user.items(path), SUBNET, near=user)


def clusters_in(vpc: Resource, assembly: Assembly) -> list[Resource]:
    """Return the clusters and node groups whose subnets are in `vpc`."""
    return assembly.once("network.clusters", lambda: _clusters(assembly)).get(vpc, [])


def _clusters(assembly: Assembly) -> dict[Resource, list[Resource]]:
    found: dict[Resource, list[Resource]] = {}
    for user in assembly.of(CLUSTER, NODEGROUP):
        vpcs = (assembly.target(subnet.get("VpcId"), VPC, near=subnet) for subnet in subnets_of(user, assembly))
        for vpc in dict.fromkeys(vpcs):
            if vpc is not None:
                found.setdefault(vpc, []).append(user)
    return found


def endpoints_in(vpc: Resource, assembly: Assembly) -> Iterator[tuple[str, Resource]]:
    """Yield (service, endpoint) of the VPC endpoints of `vpc`: ``("ecr.api", ...)``. FIPS names lose their suffix."""
    for endpoint in assembly.referring(vpc, ENDPOINT):
        if assembly.target(endpoint.get("VpcId"), VPC, near=endpoint) is vpc:
            service = service_of(endpoint)
            if service is not None:
                yield service, endpoint


def service_of(endpoint: Resource) -> str | None:
    """Return the short name of the AWS service of an endpoint, or None for other or unknown services."""
    name = str(endpoint.get("ServiceName", ""))
    match = _SERVICE.fullmatch(name)
    if match is None or ".vpce." in f".{name}.":
        return None
    return match["service"].removesuffix("-fips")


NO_ENDPOINTS: Final = "VPC endpoints are missing"
"""The cause that findings about missing endpoints share."""


def missing_endpoints(vpc: Resource, assembly: Assembly, *services: str) -> Iterator[str]:
    """Yield why a VPC that contains a cluster cannot reach each of `services` privately.

    Yields nothing for a VPC that contains no cluster of the assembly.
    """
    if not clusters_in(vpc, assembly):
        return
    present = assembly.once(("vpc", "endpoints", vpc), lambda: dict(endpoints_in(vpc, assembly)))
    yield from _missing(present, services)


def _missing(present: dict[str, Resource], services: tuple[str, ...]) -> Iterator[str]:
    for service in services:
        endpoint = present.get(service)
        if endpoint is None:
            yield f"it contains a cluster but has no endpoint for {service}"
        elif endpoint.get("VpcEndpointType", "Gateway") == "Gateway":
            if not endpoint.items("RouteTableIds"):
                yield f"its endpoint {endpoint.logical_id} for {service} is in no route table"
        elif service != "s3" and endpoint.flag("PrivateDnsEnabled", default=False) is not True:
            yield f"its endpoint {endpoint.logical_id} for {service} has no private DNS, so clients do not use it"


def route_tables(subnet: Resource, assembly: Assembly) -> Iterator[Resource]:
    """Yield the route tables that are associated with a subnet."""
    for association in assembly.referring(subnet, "AWS::EC2::SubnetRouteTableAssociation"):
        if assembly.target(association.get("SubnetId"), SUBNET, near=association) is subnet:
            table = assembly.target(association.get("RouteTableId"), "AWS::EC2::RouteTable", near=association)
            if table is not None:
                yield table


def routes(table: Resource, assembly: Assembly) -> Iterator[Resource]:
    """Yield the routes of a route table."""
    for route in assembly.referring(table, "AWS::EC2::Route"):
        if assembly.target(route.get("RouteTableId"), "AWS::EC2::RouteTable", near=route) is table:
            yield route


def wide_destination(route: Resource, assembly: Assembly) -> str:
    """Return the destination of a route if it is, or may be, the internet; otherwise an empty string."""
    for name in _DESTINATIONS:
        value = route.get(name)
        for branch in branches(value):
            if isinstance(branch, Unknown):
                if assembly.target(branch, near=route) is None:  # a reference to the range of another network
                    return str(branch)
            elif isinstance(branch, str) and is_internet(branch):
                return branch
    value = route.get("DestinationPrefixListId")
    if value is None:
        return ""
    if assembly.target(value, PREFIX_LIST, near=route) is None:
        return f"prefix list {value}, whose ranges are not in the assembly"
    return next(in_prefix_list(value, route, assembly), "")


def internet_route(route: Resource, assembly: Assembly) -> str:
    """Return the destination of a default route to an internet gateway; otherwise an empty string."""
    gateway = route.get("GatewayId")
    if gateway is None:
        return ""
    if isinstance(gateway, str):
        internet = gateway.startswith("igw-")
    else:
        found = assembly.target(gateway, near=route)
        internet = found is None or found.type in {"AWS::EC2::InternetGateway", "AWS::EC2::VPCGatewayAttachment"}
    return wide_destination(route, assembly) if internet else ""


def leads_out(vpc: Resource, assembly: Assembly) -> bool:
    """Return whether a route table of a VPC has a route that leads, or may lead, to the internet."""
    return any(
        wide_destination(route, assembly)
        for table in assembly.referring(vpc, "AWS::EC2::RouteTable")
        for route in routes(table, assembly)
    )


def internet_subnet(subnet: Resource, assembly: Assembly) -> bool:
    """Return whether a subnet has a route to an internet gateway."""
    return any(
        internet_route(route, assembly) for table in route_tables(subnet, assembly) for route in routes(table, assembly)
    )
