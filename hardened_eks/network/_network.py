from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from hardened_eks._nag import acknowledge
from hardened_eks.data import endpoints as known_endpoints
from hardened_eks.errors import Problems
from hardened_eks.network import _default_group, _endpoints, _flow_logs, _plan
from hardened_eks.network._settings import Egress, EncryptionControl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import IDependable

_PACKS = ("NIST.800.53.R5", "PCI.DSS.321", "HIPAA.Security")
_NAT_EXCLUSIONS = {"internet_gateway_exclusion_input": "enable", "nat_gateway_exclusion_input": "enable"}


class Network(Construct):
    """A VPC that nodes cannot leave, with the endpoints they need and a log of what flows."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cidr: str = "10.0.0.0/16",
        availability_zones: int | Sequence[str] = 3,
        egress: Egress = Egress.NONE,
        pod_cidrs: Sequence[str] = (),
        vpc: ec2.IVpc | None = None,
        node_subnets: ec2.SubnetSelection | None = None,
        control_plane_subnets: ec2.SubnetSelection | None = None,
        add_endpoints: bool = True,
        add_flow_logs: bool = True,
        endpoints: Sequence[str] = (),
        logs_key: kms.IKey | None = None,
        flow_log_retention_days: int = 365,
        encryption_control: EncryptionControl = EncryptionControl.MONITOR,
        close_default_security_group: bool = True,
        organization_id: str | None = None,
        s3_prefix_list_id: str | None = None,
    ) -> None:
        """Make a network, or adopt one.

        Args:
            scope: where the network is made.
            id: construct id.
            cidr: IPv4 range of the VPC, /16 to /24 for three zones (/23 with NAT). Not for an adopted VPC.
            availability_zones: how many, the first of the region; or their names. The control plane spans at least two.
            egress: how nodes reach what is outside. Default: not at all.
            pod_cidrs: secondary ranges, from which pods get their addresses in subnets tagged for the VPC CNI.
                Default: pods share the node subnets.
            vpc: a VPC that exists. Default: one is made.
            node_subnets: of an adopted VPC. Default: its isolated subnets, or else its private ones.
            control_plane_subnets: of an adopted VPC. Default: the node subnets.
            add_endpoints: make the VPC endpoints that nodes need. An adopted VPC may have them already.
            add_flow_logs: make a flow log of all traffic. An adopted VPC may have one already.
            endpoints: further interface endpoints by short name, for example ``sqs``.
            logs_key: encrypts the flow log's group. Default: a key is made.
            flow_log_retention_days: how long the flow log is kept.
            encryption_control: watch or enforce encryption in transit. Not for an adopted VPC.
            close_default_security_group: take the rules out of the VPC's default security group. CloudFormation has no
                property for it, so this brings the library's one Lambda function. Not for an adopted VPC.
            organization_id: ``o-...``; endpoint policies then admit the organization's principals.
                Default: they admit this account's.
            s3_prefix_list_id: ``pl-...`` of ``com.amazonaws.<region>.s3``, to which node egress is then limited.
                Default: HTTPS egress is open in the security group and the routes, which lead to S3 alone, limit it.

        Raises:
            ConfigurationError: naming every bad range, overlap, zone, retention and endpoint, and every argument that
                does not go with an adopted VPC.
        """
        problems = Problems(f"Network '{id}'")
        problems.extend(_plan.endpoint_problems(endpoints))
        problems.extend(_plan.retention_problems("flow_log_retention_days", flow_log_retention_days))
        problems.extend(_plan.zone_problems(availability_zones))
        problems.require(egress in set(Egress), f"egress needs one of {', '.join(Egress)}, got {egress!r}")
        count = availability_zones if isinstance(availability_zones, int) else len(availability_zones)
        if vpc is None:
            problems.extend(_plan.cidr_problems(cidr, pod_cidrs, max(2, count), nat=egress == Egress.NAT))
            problems.require(
                node_subnets is None and control_plane_subnets is None,
                "node_subnets and control_plane_subnets select from an adopted VPC: pass vpc, or leave them out",
            )
        else:
            problems.require(
                egress == Egress.NONE, "egress=NAT makes gateways in a new VPC, an adopted one has its own"
            )
            problems.require(
                not pod_cidrs, f"pod_cidrs extend a new VPC, an adopted one has its own, got {pod_cidrs!r}"
            )
        problems.raise_any()
        super().__init__(scope, id)
        self.egress = Egress(egress)
        """How nodes reach what is outside."""
        self.cidrs: list[str] = [] if vpc is not None else [cidr, *pod_cidrs]
        """The ranges of the VPC, where they are known."""
        self.s3_prefix_list_id = s3_prefix_list_id
        """To which node egress to S3 is limited; None: by routes alone."""
        self.pod_subnets: list[ec2.ISubnet] = []
        """Subnets that only pods use, one a zone for each range."""
        self.ready: list[IDependable] = []
        """What must exist before a node starts: endpoints, and the routes to S3 or outside."""
        self.endpoints_security_group: ec2.ISecurityGroup | None = None
        """Admits HTTPS from nodes and pods; None where an adopted VPC keeps its own endpoints."""
        self._endpoints: dict[str, ec2.CfnVPCEndpoint] = {}
        self._add_endpoints = add_endpoints
        self._route_tables: list[str] = []
        self._organization_id = organization_id
        if vpc is None:
            self._make_vpc(cidr, availability_zones, pod_cidrs)
            if encryption_control != EncryptionControl.OFF:
                self._control_encryption(encryption_control)
            if close_default_security_group:
                _default_group.close(self, self._made)
        else:
            self._adopt(vpc, node_subnets, control_plane_subnets, endpoints=add_endpoints, flow_logs=add_flow_logs)
        if add_endpoints:
            self._make_endpoints((*known_endpoints.PRIVATE_CLUSTER, *endpoints))
        if add_flow_logs:
            _flow_logs.add(self, self._vpc_id, key=logs_key, retention_days=flow_log_retention_days)

    @property
    def control_plane_subnets(self) -> list[ec2.ISubnet]:
        """Where the control plane's network interfaces live."""
        return self._control_plane_subnets

    @property
    def node_subnets(self) -> list[ec2.ISubnet]:
        """Where nodes live."""
        return self._node_subnets

    def add_endpoint(self, service: str) -> None:
        """See that there is an interface endpoint of a service; asking twice makes one.

        Args:
            service: short name, for example ``elasticloadbalancing``. With an adopted VPC that keeps its own endpoints
                nothing is made.

        Raises:
            ConfigurationError: AWS has no such endpoint.
        """
        problems = Problems(f"Network '{self.node.id}'")
        problems.extend(_plan.endpoint_problems([service]))
        problems.raise_any()
        if self._add_endpoints and service not in self._endpoints:
            self._endpoints[service] = _endpoints.interface(
                self,
                service,
                vpc_id=self._vpc_id,
                subnet_ids=self.node_subnet_ids,
                security_group_id=self._endpoints_group_id,
                organization_id=self._organization_id,
            )
            self.ready.append(self._endpoints[service])

    def admit(self, security_group: ec2.ISecurityGroup) -> None:
        """Let what carries a security group reach the endpoints, on HTTPS.

        Args:
            security_group: of nodes, pods or an admin host. Both sides of the rule are made.
        """
        if self.endpoints_security_group is not None:
            _endpoints.admit(self.endpoints_security_group, security_group)

    def _make_vpc(self, cidr: str, availability_zones: int | Sequence[str], pod_cidrs: Sequence[str]) -> None:
        count = availability_zones if isinstance(availability_zones, int) else len(availability_zones)
        if isinstance(availability_zones, int):
            all_zones = cdk.Fn.get_azs()
            zones = [cdk.Fn.select(number, all_zones) for number in range(count)]
        else:
            zones = list(availability_zones)
        path = self._path = self.node.path
        layout = _plan.plan(cidr, pod_cidrs, count)
        made = ec2.CfnVPC(
            self,
            "Vpc",
            cidr_block=cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=[{"key": "Name", "value": path}],
        )
        vpc_id = self._vpc_id = made.ref
        self._made = made
        self.node_subnet_ids = self._subnets(
            "Nodes", vpc_id, zones, layout.nodes, {"kubernetes.io/role/internal-elb": "1"}
        )
        self.control_plane_subnet_ids = self._subnets("ControlPlane", vpc_id, zones, layout.control_plane, {})
        public = self._make_egress(vpc_id, zones, layout.public) if self.egress == Egress.NAT else []
        self._make_routes(vpc_id, public)
        for number, block in enumerate(pod_cidrs):
            added = ec2.CfnVPCCidrBlock(self, f"PodRange{number}", vpc_id=vpc_id, cidr_block=block)
            ids = self._subnets(
                f"Pods{number}",
                vpc_id,
                zones,
                [zone[number] for zone in layout.pods],
                {"kubernetes.io/role/cni": "1"},
                after=added,
            )
            for zone, subnet_id in enumerate(ids):
                self._associate(f"Pods{number}", zone, subnet_id, self._route_tables[zone])
                self.pod_subnets.append(
                    ec2.Subnet.from_subnet_attributes(
                        self,
                        f"Pods{number}Subnet{zone + 1}View",
                        subnet_id=subnet_id,
                        availability_zone=zones[zone],
                        route_table_id=self._route_tables[zone],
                    )
                )
        self.vpc: ec2.IVpc = ec2.Vpc.from_vpc_attributes(
            self,
            "VpcView",
            vpc_id=vpc_id,
            vpc_cidr_block=cidr,
            availability_zones=zones,
            isolated_subnet_ids=[*self.node_subnet_ids, *self.control_plane_subnet_ids],
            isolated_subnet_names=["Nodes", "ControlPlane"],
            isolated_subnet_route_table_ids=[*self._route_tables, *self._route_tables],
        )
        subnets = self.vpc.isolated_subnets
        self._node_subnets = subnets[:count]
        self._control_plane_subnets = subnets[count:]

    def _subnets(
        self,
        name: str,
        vpc_id: str,
        zones: Sequence[str],
        ranges: Sequence[str],
        tags: dict[str, str],
        *,
        after: cdk.CfnResource | None = None,
    ) -> list[str]:
        made = []
        for number, (zone, block) in enumerate(zip(zones, ranges, strict=True), start=1):
            subnet = ec2.CfnSubnet(
                self,
                f"{name}Subnet{number}",
                vpc_id=vpc_id,
                availability_zone=zone,
                cidr_block=block,
                map_public_ip_on_launch=False,
                tags=[
                    {"key": key, "value": value}
                    for key, value in {"Name": f"{self._path}/{name}{number}", **tags}.items()
                ],
            )
            if after is not None:
                subnet.add_resource_dependency(after)
            made.append(subnet.ref)
        return made

    def _make_egress(self, vpc_id: str, zones: Sequence[str], ranges: Sequence[str]) -> list[str]:
        """Make public subnets with one NAT gateway each; return the gateways' ids."""
        gateway = ec2.CfnInternetGateway(self, "InternetGateway")
        attached = ec2.CfnVPCGatewayAttachment(
            self, "InternetGatewayAttachment", vpc_id=vpc_id, internet_gateway_id=gateway.ref
        )
        table = ec2.CfnRouteTable(self, "PublicRoutes", vpc_id=vpc_id)
        route = ec2.CfnRoute(
            self,
            "PublicRoute",
            route_table_id=table.ref,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.ref,
        )
        route.add_resource_dependency(attached)
        reason = "egress=NAT was chosen: only NAT gateways live in the subnets of this route"
        acknowledge(
            route,
            {f"{pack}::{pack}-VPCNoUnrestrictedRouteToIGW": reason for pack in _PACKS},
        )
        nats = []
        for zone, subnet_id in enumerate(self._subnets("Public", vpc_id, zones, ranges, {})):
            self._associate("Public", zone, subnet_id, table.ref)
            address = ec2.CfnEIP(self, f"NatAddress{zone + 1}", domain="vpc")
            address.add_resource_dependency(attached)
            nat = ec2.CfnNatGateway(
                self, f"Nat{zone + 1}", subnet_id=subnet_id, allocation_id=address.attr_allocation_id
            )
            nat.add_resource_dependency(route)
            nats.append(nat.ref)
        return nats

    def _make_routes(self, vpc_id: str, nats: Sequence[str]) -> None:
        """Give every zone a route table; nodes and control plane share it, and NAT adds its route."""
        for zone, (nodes, plane) in enumerate(zip(self.node_subnet_ids, self.control_plane_subnet_ids, strict=True)):
            table = ec2.CfnRouteTable(self, f"Routes{zone + 1}", vpc_id=vpc_id)
            self._route_tables.append(table.ref)
            self.ready.append(self._associate("Nodes", zone, nodes, table.ref))
            self._associate("ControlPlane", zone, plane, table.ref)
            if nats:
                route = ec2.CfnRoute(
                    self,
                    f"NatRoute{zone + 1}",
                    route_table_id=table.ref,
                    destination_cidr_block="0.0.0.0/0",
                    nat_gateway_id=nats[zone],
                )
                self.ready.append(route)

    def _associate(self, name: str, zone: int, subnet_id: str, table_id: str) -> ec2.CfnSubnetRouteTableAssociation:
        return ec2.CfnSubnetRouteTableAssociation(
            self, f"{name}Routes{zone + 1}Association", subnet_id=subnet_id, route_table_id=table_id
        )

    def _control_encryption(self, mode: EncryptionControl) -> None:
        options: dict[str, Any] = {}
        if mode == EncryptionControl.ENFORCE and self.egress == Egress.NAT:
            options = _NAT_EXCLUSIONS
        ec2.CfnVPCEncryptionControl(self, "EncryptionControl", vpc_id=self._vpc_id, mode=mode.value, **options)

    def _adopt(
        self,
        vpc: ec2.IVpc,
        nodes: ec2.SubnetSelection | None,
        control_plane: ec2.SubnetSelection | None,
        *,
        endpoints: bool,
        flow_logs: bool,
    ) -> None:
        self.vpc = vpc
        self._vpc_id = vpc.vpc_id
        self._node_subnets = vpc.select_subnets(**_selection(nodes)).subnets if nodes else _without_public(vpc)
        self._control_plane_subnets = (
            vpc.select_subnets(**_selection(control_plane)).subnets if control_plane else self._node_subnets
        )
        problems = Problems(f"Network '{self.node.id}'")
        for name, subnets in (
            ("node_subnets", self._node_subnets),
            ("control_plane_subnets", self._control_plane_subnets),
        ):
            zones = {subnet.availability_zone for subnet in subnets}
            problems.require(
                len(zones) > 1, f"{name} of the adopted VPC lie in {len(zones)} zone(s), the control plane spans two"
            )
        problems.raise_any()
        self.node_subnet_ids = [subnet.subnet_id for subnet in self._node_subnets]
        self.control_plane_subnet_ids = [subnet.subnet_id for subnet in self._control_plane_subnets]
        self._route_tables = list(dict.fromkeys(subnet.route_table.route_table_id for subnet in self._node_subnets))
        unseen = ["its routes, network ACLs and default security group", "public IPs at launch"]
        unseen += [] if endpoints else ["its VPC endpoints"]
        unseen += [] if flow_logs else ["its flow logs"]
        cdk.Annotations.of(self).add_warning_v2(
            "hardened-eks:adopted-vpc",
            f"the VPC exists already, so that the template cannot show {', '.join(unseen)}: check them in the account",
        )

    def _make_endpoints(self, services: Sequence[str]) -> None:
        self.endpoints_security_group = _endpoints.security_group(self, self._vpc_id)
        self._endpoints_group_id = self.endpoints_security_group.security_group_id
        gateway = _endpoints.s3_gateway(
            self, vpc_id=self._vpc_id, route_table_ids=self._route_tables, organization_id=self._organization_id
        )
        self.ready.append(gateway)
        for service in dict.fromkeys(services):
            self.add_endpoint(service)


def _selection(selection: ec2.SubnetSelection) -> dict[str, Any]:
    return {key: value for key, value in vars(selection)["_values"].items() if value is not None}


def _without_public(vpc: ec2.IVpc) -> list[ec2.ISubnet]:
    return vpc.isolated_subnets or vpc.private_subnets
