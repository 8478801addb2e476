"""A new VPC with its subnets and routes, created with one call into Node for each resource."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from hardened_eks._asked import path_of
from hardened_eks._l1 import create
from hardened_eks._nag import PACKS, acknowledge
from hardened_eks._views import view_of
from hardened_eks.network import _plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct, IDependable


class NewVpc:
    """A new VPC in a scope, with the attributes that other constructs need."""

    def __init__(
        self, scope: Construct, *, cidr: str, zones: int | Sequence[str], pod_cidrs: Sequence[str], nat: bool
    ) -> None:
        """Create the subnets of nodes and control plane, then the egress, then the pods' ranges.

        Args:
            scope: the parent construct.
            cidr: range of the VPC.
            zones: number of zones, the first of the Region; or their names, or their IDs.
            pod_cidrs: further ranges, only for pods.
            nat: whether every zone gets a NAT gateway, in its own public subnet.
        """
        self._scope = scope
        self._path = path_of(scope)
        self.ready: list[IDependable] = []
        """The resources that must exist before nodes and pods have network access."""
        self.route_tables: list[ec2.CfnRouteTable] = []
        """One subnet per Availability Zone."""
        self.pod_subnets: list[ec2.ISubnet] = []
        self._subnet_resources: dict[str, ec2.CfnSubnet] = {}
        self._zones = _zones(zones)
        self._zone_names: dict[str, str] = {}
        layout = _plan.plan(cidr, pod_cidrs, len(self._zones))
        self.resource = create(
            ec2.CfnVPC,
            scope,
            "Vpc",
            cidr_block=cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=[{"key": "Name", "value": self._path}],
        )
        self.vpc_id = self.resource.ref
        self.node_subnet_ids = self._subnets("Nodes", layout.nodes, {"kubernetes.io/role/internal-elb": "1"})
        self.control_plane_subnet_ids = self._subnets("ControlPlane", layout.control_plane, {})
        self._make_routes(self._make_egress(layout.public) if nat else [])
        for number, block in enumerate(pod_cidrs):
            self._make_pod_subnets(number, block, [zone[number] for zone in layout.pods])
        self._cidr = cidr
        self._nat = nat

    @cached_property
    def subnets(self) -> list[ec2.ISubnet]:
        """The nodes' subnets first, then the control plane's."""
        return self._subnets_of(self.view)

    @cached_property
    def view(self) -> ec2.IVpc:
        """The VPC as the CDK's interface. Its tags apply to the VPC and to the subnets of nodes and control plane."""
        nat = self._nat
        ids = [*self.node_subnet_ids, *self.control_plane_subnet_ids]
        names = ["Nodes", "ControlPlane"]
        tables = 2 * [table.ref for table in self.route_tables]
        # With NAT, the CDK treats them as "private with egress", so constructs that select such subnets find them.
        view = ec2.Vpc.from_vpc_attributes(
            self._scope,
            "VpcView",
            vpc_id=self.vpc_id,
            vpc_cidr_block=self._cidr,
            availability_zones=[self._zone_names[zone] for zone in self._zones],
            isolated_subnet_ids=None if nat else ids,
            isolated_subnet_names=None if nat else names,
            isolated_subnet_route_table_ids=None if nat else tables,
            private_subnet_ids=ids if nat else None,
            private_subnet_names=names if nat else None,
            private_subnet_route_table_ids=tables if nat else None,
        )
        for subnet_id, subnet in zip(ids, self._subnets_of(view), strict=True):
            view_of(self._subnet_resources[subnet_id], subnet)
        return view_of(self.resource, view)

    def _subnets_of(self, view: ec2.IVpc) -> list[ec2.ISubnet]:
        return view.private_subnets if self._nat else view.isolated_subnets

    def _subnets(
        self, name: str, ranges: Sequence[str], tags: dict[str, str], *, after: cdk.CfnResource | None = None
    ) -> list[str]:
        made = []
        for number, (zone, block) in enumerate(zip(self._zones, ranges, strict=True), start=1):
            subnet = create(
                ec2.CfnSubnet,
                self._scope,
                f"{name}Subnet{number}",
                vpc_id=self.vpc_id,
                **_placed(zone),
                cidr_block=block,
                map_public_ip_on_launch=False,
                tags=[
                    {"key": key, "value": value}
                    for key, value in {"Name": f"{self._path}/{name}{number}", **tags}.items()
                ],
            )
            if after is not None:
                subnet.add_resource_dependency(after)
            if zone not in self._zone_names:
                # The CDK identifies zones by name, and the name of a zone ID differs between accounts.
                self._zone_names[zone] = subnet.attr_availability_zone if _plan.is_zone_id(zone) else zone
            subnet_id = subnet.ref
            self._subnet_resources[subnet_id] = subnet
            made.append(subnet_id)
        return made

    def _make_egress(self, ranges: Sequence[str]) -> list[str]:
        """Create public subnets with one NAT gateway each, and return the IDs of the gateways."""
        gateway = create(ec2.CfnInternetGateway, self._scope, "InternetGateway")
        attached = create(
            ec2.CfnVPCGatewayAttachment,
            self._scope,
            "InternetGatewayAttachment",
            vpc_id=self.vpc_id,
            internet_gateway_id=gateway.ref,
        )
        table = create(ec2.CfnRouteTable, self._scope, "PublicRoutes", vpc_id=self.vpc_id)
        route = create(
            ec2.CfnRoute,
            self._scope,
            "PublicRoute",
            route_table_id=table,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.ref,
        )
        route.add_resource_dependency(attached)
        reason = "egress=NAT was chosen: only NAT gateways are in the subnets of this route"
        acknowledge(route, {f"{pack}::{pack}-VPCNoUnrestrictedRouteToIGW": reason for pack in PACKS})
        nats = []
        for zone, subnet_id in enumerate(self._subnets("Public", ranges, {})):
            address = create(ec2.CfnEIP, self._scope, f"NatAddress{zone + 1}", domain="vpc")
            address.add_resource_dependency(attached)
            nat = create(
                ec2.CfnNatGateway,
                self._scope,
                f"Nat{zone + 1}",
                subnet_id=subnet_id,
                allocation_id=address.attr_allocation_id,
            )
            nat.add_resource_dependency(route)
            nat.add_resource_dependency(self._associate("Public", zone, subnet_id, table))
            nats.append(nat.ref)
        return nats

    def _make_routes(self, nats: Sequence[str]) -> None:
        """Create a route table for each zone, which nodes and control plane share. NAT adds its route."""
        for zone, (nodes, plane) in enumerate(zip(self.node_subnet_ids, self.control_plane_subnet_ids, strict=True)):
            table = create(ec2.CfnRouteTable, self._scope, f"Routes{zone + 1}", vpc_id=self.vpc_id)
            self.route_tables.append(table)
            self.ready.append(self._associate("Nodes", zone, nodes, table))
            self._associate("ControlPlane", zone, plane, table)
            if nats:
                route = create(
                    ec2.CfnRoute,
                    self._scope,
                    f"NatRoute{zone + 1}",
                    route_table_id=table,
                    destination_cidr_block="0.0.0.0/0",
                    nat_gateway_id=nats[zone],
                )
                self.ready.append(route)

    def _make_pod_subnets(self, number: int, block: str, ranges: Sequence[str]) -> None:
        name = f"Pods{number}"
        added = create(ec2.CfnVPCCidrBlock, self._scope, f"PodRange{number}", vpc_id=self.vpc_id, cidr_block=block)
        for zone, subnet_id in enumerate(self._subnets(name, ranges, {"kubernetes.io/role/cni": "1"}, after=added)):
            self.ready.append(self._associate(name, zone, subnet_id, self.route_tables[zone]))
            view = ec2.Subnet.from_subnet_attributes(
                self._scope,
                f"{name}Subnet{zone + 1}View",
                subnet_id=subnet_id,
                availability_zone=self._zone_names[self._zones[zone]],
                route_table_id=self.route_tables[zone].ref,
            )
            self.pod_subnets.append(view_of(self._subnet_resources[subnet_id], view))

    def _associate(
        self, name: str, zone: int, subnet_id: str, table: ec2.CfnRouteTable
    ) -> ec2.CfnSubnetRouteTableAssociation:
        return create(
            ec2.CfnSubnetRouteTableAssociation,
            self._scope,
            f"{name}Routes{zone + 1}Association",
            subnet_id=subnet_id,
            route_table_id=table,
        )


def _placed(zone: str) -> dict[str, Any]:
    return {"availability_zone_id": zone} if _plan.is_zone_id(zone) else {"availability_zone": zone}


def _zones(zones: int | Sequence[str]) -> list[str]:
    return [_zone_of_region(number) for number in range(zones)] if isinstance(zones, int) else list(zones)


@cache
def _zone_of_region(number: int) -> str:
    return cdk.Fn.select(number, _zones_of_region())


@cache
def _zones_of_region() -> list[str]:
    return cdk.Fn.get_azs()  # no look-up: resolved at deployment
