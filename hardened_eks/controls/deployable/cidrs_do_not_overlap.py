from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.vpc_ranges import beside_problem
from hardened_eks.evidence import Assembly, Resource, Unknown

_Named = tuple[str, IPv4Network]


@control(
    id="DP-22",
    title="Subnet ranges are inside the VPC and do not overlap, and the service range is outside the VPC",
    types=("AWS::EC2::VPC",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 returns InvalidSubnet.Range or InvalidSubnet.Conflict, and accepts only certain ranges in addition to "
        "the first one. A service range that overlaps the VPC makes VPC addresses unreachable from pods permanently, "
        "because it cannot be changed."
    ),
    fix=(
        "Give each subnet its own range inside the VPC, choose a ServiceIpv4Cidr outside the VPC, and add secondary "
        "ranges from 100.64.0.0/10, which EC2 accepts next to every other range."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    blind="Ranges computed at deployment (IPAM), and VPCs of other apps.",
    enforced_by="Network",
)
def cidrs_do_not_overlap(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    first = _networks([resource], "CidrBlock")
    added = _networks(assembly.pointing("VpcId", resource, "AWS::EC2::VPCCidrBlock"), "CidrBlock")
    ranges = [*first, *added]
    for where, network in added:
        apart = bool(first) and not network.overlaps(first[0][1])  # otherwise the overlap is reported
        reason = beside_problem(first[0][1], network) if apart else None
        if reason is not None:
            yield Problem(f"{where} {network} cannot be combined with {first[0][1]}: {reason}")
    own = assembly.pointing("VpcId", resource, "AWS::EC2::Subnet")
    yield from _conflicts(resource, ranges, _networks(own, "CidrBlock"))
    yield from _beyond(own)
    clusters = {c for s in own for c in assembly.referring(s, "AWS::EKS::Cluster")}
    for where, service in _networks(clusters, "KubernetesNetworkConfig.ServiceIpv4Cidr"):
        if any(service.overlaps(outer) for _, outer in ranges):
            yield Problem(f"the service range {service} of {where} overlaps the VPC")


def _beyond(subnets: Iterable[Resource]) -> Iterator[Problem]:
    """Yield subnets that select a block that ``Fn::Cidr`` does not return: the deployment fails at once."""
    for subnet in subnets:
        value = subnet.get("CidrBlock")
        match value.expression if isinstance(value, Unknown) else None:
            case {"Fn::Select": [index, {"Fn::Cidr": [_, count, *_]}]} if (
                str(index).isdecimal() and str(count).isdecimal() and int(index) >= int(count)
            ):
                yield Problem(f"subnet {subnet.logical_id} selects block {index} of {count}, counted from 0")


def _conflicts(vpc: Resource, ranges: Sequence[_Named], subnets: Sequence[_Named]) -> Iterator[Problem]:
    """Yield the problems of the ranges; only the first range is a property of the VPC."""
    for where, network in (*ranges, *subnets):
        if not 16 <= network.prefixlen <= 28:
            path = "CidrBlock" if where == vpc.logical_id else ""
            yield Problem(f"{where} {network} has the prefix /{network.prefixlen}; EC2 accepts /16 to /28", path)
    for where, network in subnets:
        if ranges and not any(network.subnet_of(outer) for _, outer in ranges):
            yield Problem(f"subnet {where} {network} is outside the VPC")
    for kind, blocks in (("ranges", ranges), ("subnets", subnets)):
        for (one, left), (other, right) in _overlaps(blocks):
            path = "CidrBlock" if vpc.logical_id in {one, other} and kind == "ranges" else ""
            yield Problem(f"{kind} {one} {left} and {other} {right} overlap", path)


def _overlaps(blocks: Sequence[_Named]) -> Iterator[tuple[_Named, _Named]]:
    """Yield each block that overlaps an earlier one, with that one; one of two CIDR blocks then contains the other."""
    ordered = sorted(blocks, key=lambda block: (block[1].network_address, block[1].prefixlen))
    outer: _Named | None = None
    for block in ordered:
        if outer is not None and block[1].subnet_of(outer[1]):
            yield outer, block
        else:
            outer = block


def _networks(resources: Iterable[Resource], path: str) -> list[_Named]:
    found = []
    for resource in resources:
        value = resource.get(path)
        if isinstance(value, str):
            try:
                found.append((resource.logical_id, IPv4Network(value, strict=False)))
            except ValueError:
                continue
    return found
