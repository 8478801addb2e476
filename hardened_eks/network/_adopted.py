"""An existing VPC: its subnets for the cluster, and its properties that a template cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2

from hardened_eks._kinds import VPC, is_a
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_token
from hardened_eks.data.regions import REFUSED_ZONES
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The parts of the VPC that a network uses."""

    vpc: ec2.IVpc
    nodes: list[ec2.ISubnet]
    control_plane: list[ec2.ISubnet]
    endpoint_subnet_ids: list[str]
    """One subnet per Availability Zone: an interface endpoint accepts no more."""
    route_table_ids: list[str]


def look(
    vpc: ec2.IVpc,
    nodes: ec2.SubnetSelection | None,
    control_plane: ec2.SubnetSelection | None,
    problems: Problems,
    *,
    needs_routes: bool,
) -> Adopted:
    """Select the subnets, and add their problems.

    Args:
        vpc: the VPC.
        nodes: selection of the nodes' subnets. None: the isolated ones, or else the private ones.
        control_plane: selection of the control plane's subnets. None: those of the nodes.
        problems: collection to which problems are added.
        needs_routes: whether the route tables must be known, for gateway endpoints.
    """
    node_subnets = _select(vpc, "node_subnets", nodes, problems)
    plane = _select(vpc, "control_plane_subnets", control_plane, problems) if control_plane else node_subnets
    tables = [_route_table_id(subnet) for subnet in node_subnets] if needs_routes else []
    if None in tables:
        problems.add(
            "the route tables of the adopted VPC's subnets are not known, and the S3 endpoint is a route in them: pass "
            "isolated_subnet_route_table_ids (or private_...) to Vpc.from_vpc_attributes, or add_endpoints=False"
        )
    first_of_zone = {subnet.availability_zone: subnet.subnet_id for subnet in reversed(node_subnets)}
    return Adopted(
        vpc=vpc,
        nodes=node_subnets,
        control_plane=plane,
        endpoint_subnet_ids=list(reversed(first_of_zone.values())),
        route_table_ids=list(dict.fromkeys(table for table in tables if table is not None)),
    )


def adoption_problems(vpc: ec2.IVpc) -> tuple[str, ...]:
    """Return why a VPC cannot be adopted, before any construct is created."""
    if not is_a(VPC, vpc):
        return ()  # another check reports it
    problems = Problems("Network")
    look(vpc, None, None, problems, needs_routes=True)
    return problems.found


def unseen(*, region: str, endpoints: bool, flow_logs: bool) -> str:
    """Return a warning on properties of an existing VPC that a template cannot show."""
    zone = REFUSED_ZONES.get(region)
    things = ["its routes, network ACLs and default security group", "public IPs at launch"]
    things += ["its DNS attributes, which endpoints need"] if endpoints else ["its VPC endpoints"]
    things += [] if flow_logs else ["its flow logs"]
    things += [] if zone is None else [f"whether a control-plane subnet is in {zone}, which EKS does not support"]
    return f"the VPC already exists, so the template cannot show {', '.join(things)}: check them in the account"


def cidrs(vpc: ec2.IVpc) -> list[str]:
    """Return the range of an adopted VPC if it is known. Secondary ranges are never known."""
    try:
        block = vpc.vpc_cidr_block
    except RuntimeError:  # Vpc.from_vpc_attributes without a range
        return []
    return [] if is_token(block) else [block]


def _select(
    vpc: ec2.IVpc, argument: str, selection: ec2.SubnetSelection | None, problems: Problems
) -> list[ec2.ISubnet]:
    default = vpc.isolated_subnets or vpc.private_subnets
    if selection is not None:
        if not isinstance(selection, ec2.SubnetSelection):
            problems.add(f"{argument} needs an aws_ec2.SubnetSelection, got {selection!r}")
            return []
        try:
            selected = vpc.select_subnets(**_arguments(selection))
        except RuntimeError as error:  # the CDK's error on a selection
            problems.add(f"{argument} selects nothing from the adopted VPC ({str(error).splitlines()[0]})")
            return []
        if selected.is_pending_lookup:
            return default  # placeholders until the CLI has looked the VPC up and runs the app again
        subnets = selected.subnets
    else:
        subnets = default
    problems.extend(_zone_problems(argument, subnets))
    return subnets


def _zone_problems(argument: str, subnets: Sequence[ec2.ISubnet]) -> list[str]:
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) > 1 or any(is_token(zone) for zone in zones):
        return []
    return [f"{argument} of the adopted VPC are in {len(zones)} zone(s), but the control plane needs two: add a subnet"]


def _arguments(selection: ec2.SubnetSelection) -> dict[str, Any]:
    return {key: value for key, value in vars(selection)["_values"].items() if value is not None}


def _route_table_id(subnet: ec2.ISubnet) -> str | None:
    try:
        return subnet.route_table.route_table_id
    except RuntimeError:  # Vpc.from_vpc_attributes without route tables
        return None
