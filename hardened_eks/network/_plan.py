"""The plan of address ranges."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import combinations, islice
from typing import TYPE_CHECKING

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_text_token, is_token
from hardened_eks.data import endpoints
from hardened_eks.data.regions import REFUSED_ZONES, ZONES, lacks_endpoint
from hardened_eks.data.vpc_ranges import beside_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTROL_PLANE_PREFIX = 28
_LARGEST = 16
_SMALLEST_POD_RANGE = 26
_USUAL_ZONES = 3
_ZONE_ID = regex(r"[a-z]+\d-az\d+")
_ZONE = regex(r"(?P<region>[a-z]{2,4}(-[a-z]+)+-\d+)[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The ranges of a VPC's subnets, one of each kind per zone. A change of egress does not change them."""

    nodes: tuple[str, ...]
    control_plane: tuple[str, ...]
    public: tuple[str, ...]
    pods: tuple[tuple[str, ...], ...]
    """The subnets by Availability Zone."""


def plan(cidr: str, pod_cidrs: Sequence[str], zones: int) -> Plan:
    """Divide the range: one part per zone for nodes, and the last part for the control plane and public subnets."""
    network = IPv4Network(cidr)
    bits = zones.bit_length()
    parts = list(network.subnets(prefixlen_diff=bits))
    last, size = parts[-1], 2 ** (32 - _CONTROL_PLANE_PREFIX)
    end = int(last.broadcast_address) + 1
    pods = [list(IPv4Network(block).subnets(prefixlen_diff=(zones - 1).bit_length()))[:zones] for block in pod_cidrs]
    return Plan(
        nodes=tuple(map(str, parts[:zones])),
        control_plane=tuple(map(str, islice(last.subnets(new_prefix=_CONTROL_PLANE_PREFIX), zones))),
        public=tuple(str(IPv4Network((end - size * back, _CONTROL_PLANE_PREFIX))) for back in range(zones, 0, -1)),
        pods=tuple(tuple(str(block[zone]) for block in pods) for zone in range(zones)),
    )


def smallest(zones: int, *, nat: bool) -> int:
    """Return the longest prefix with room for a /28 per zone for the control plane, and one for NAT."""
    needed = zones * (2 if nat else 1)
    return _CONTROL_PLANE_PREFIX - zones.bit_length() - (needed - 1).bit_length()


def _apart_problems(known: Sequence[tuple[str, IPv4Network]]) -> Iterator[str]:
    for (one, left), (other, right) in combinations(known, 2):
        if left.overlaps(right):
            yield f"{other} {right} overlaps {one} {left}: choose ranges that do not overlap"
        elif one == "cidr" and (reason := beside_problem(left, right)) is not None:
            yield f"pod_cidrs {right} cannot be combined with cidr {left}: {reason}; 100.64.0.0/10 fits every range"


def cidr_problems(cidr: str, pod_cidrs: Sequence[str], zones: int, *, nat: bool) -> Iterator[str]:
    """Yield the mistakes in the ranges."""
    if not isinstance(pod_cidrs, list | tuple):
        yield f"pod_cidrs needs a list of ranges, got {pod_cidrs!r}"
        pod_cidrs = ()
    known: list[tuple[str, IPv4Network]] = []
    for what, text in (("cidr", cidr), *(("pod_cidrs", block) for block in pod_cidrs)):
        if is_token(text):
            yield f"{what} needs a range known during synthesis, since subnets are cut from it, got a deploy-time value"
            continue
        try:
            network = ip_network(text if isinstance(text, str) else "")
        except ValueError as error:
            yield f"{what} needs an IPv4 range such as 10.0.0.0/16, got {text!r} ({error})"
            continue
        if isinstance(network, IPv6Network):
            yield f"{what} is the IPv6 range {text}: this library does not support IPv6 clusters, use an IPv4 range"
            continue
        if network.is_loopback or network.is_link_local or network.is_multicast or network.is_unspecified:
            yield f"{what} {text} is not a range for a VPC: choose a private one (RFC 1918, or 100.64.0.0/10 for pods)"
            continue
        longest = smallest(zones, nat=nat) if what == "cidr" else _SMALLEST_POD_RANGE
        if not _LARGEST <= network.prefixlen <= longest:
            yield f"{what} needs a prefix from /{_LARGEST} to /{longest} for {zones} zones, got {text}"
        known.append((what, network))
    yield from _apart_problems(known)


def default_zones(region: str) -> int:
    """Return the default number of zones: three, or as many as a new account has in the Region."""
    return min(_USUAL_ZONES, ZONES.get(region, _USUAL_ZONES))


def zone_count(zones: object) -> int:
    """Return the number of zones, at least two, also if the argument is invalid."""
    if isinstance(zones, int) and not isinstance(zones, bool):
        return max(2, zones)
    return max(2, len(zones)) if isinstance(zones, list | tuple) else 2


def zone_problems(zones: object, region: str) -> Iterator[str]:
    """Yield the mistakes in the number, the names or the IDs of Availability Zones."""
    most = 6
    if isinstance(zones, int) and not isinstance(zones, bool):
        if not 2 <= zones <= most:
            yield f"availability_zones needs 2 to {most} zones, since the control plane needs two, got {zones}"
        elif zones > ZONES.get(region, most):
            has = ZONES[region]
            yield (
                f"{region} has {has} Availability Zones for a new account, got {zones}: pass {has}, or the names of "
                "the zones if your account has more"
            )
        return
    if not isinstance(zones, list | tuple) or not all(isinstance(zone, str) for zone in zones):
        yield f"availability_zones needs a number or a list of names or IDs, got {zones!r}"
        return
    if not 2 <= len(set(zones)) <= most or len(set(zones)) != len(zones):
        yield f"availability_zones needs 2 to {most} different zones, got {list(zones)!r}"
    refused = [zone for zone in zones if zone in REFUSED_ZONES.values()]
    if refused:
        yield f"the EKS control plane does not support {', '.join(refused)}: name other zones"
    if len({is_zone_id(zone) for zone in zones if not is_text_token(zone)}) > 1:
        yield f"availability_zones needs names or zone IDs, not both, got {list(zones)!r}"
    for zone in zones:
        if not is_text_token(zone) and not is_zone_id(zone):
            yield from _zone_name_problems(zone, region)


def _zone_name_problems(zone: str, region: str) -> Iterator[str]:
    match = _ZONE.fullmatch(zone)
    if match is None:
        yield f"availability_zones needs names such as eu-west-1a or IDs such as euw1-az1, no local zones, got {zone!r}"
    elif not is_token(region) and match["region"] != region:
        yield f"availability_zones names {zone}, which is not in the stack's region {region}: name its zones"


def is_zone_id(zone: str) -> bool:
    """Return whether a zone is an ID such as ``use1-az1``, which is the same in every account."""
    return _ZONE_ID.fullmatch(zone) is not None


def zone_warning(region: str) -> str:
    """Return a warning that the control plane does not support a zone, whose name differs between accounts."""
    refused = REFUSED_ZONES[region]
    others = [f"{refused[:-1]}{number}" for number in (1, 2, 4) if f"{refused[:-1]}{number}" != refused]
    return (
        f"the EKS control plane does not support {refused} of {region}, and its name in your account is not known: run "
        "`aws ec2 describe-availability-zones` and pass the names of other zones in availability_zones, "
        f"or for a new network zone ids such as {', '.join(others)}, which are the same in every account"
    )


def pods_warning(pod_cidrs: Sequence[str]) -> str:
    """Return a warning with the range that pods use: the VPC CNI has one configuration, and so one subnet, per zone."""
    *former, used = pod_cidrs
    return (
        f"the VPC CNI uses one pod subnet per zone: pods of new nodes use {used}, the last of pod_cidrs, "
        f"and pods of existing nodes keep {', '.join(former)}; for a new network, use one larger range"
    )


def warnings(pod_cidrs: Sequence[str], zones: int | Sequence[str], region: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the message of each warning on a valid plan."""
    if len(pod_cidrs) > 1:
        yield "pod-range-unused", pods_warning(pod_cidrs)
    if isinstance(zones, int) and region in REFUSED_ZONES:
        yield "zone-without-control-plane", zone_warning(region)


def no_eks_warning(region: str) -> str:
    """Return a warning on a network without an endpoint of the EKS API."""
    return (
        f"{region} has no VPC endpoint of the EKS API, so it is not created: managed nodes do not need it, but in this "
        "network `aws eks update-kubeconfig` and other calls of the EKS API fail without another route"
    )


def endpoint_problems(services: Sequence[str], region: str) -> Iterator[str]:
    """Yield the services that have no endpoint, in any Region or in this one."""
    from difflib import get_close_matches

    if not isinstance(services, list | tuple):
        yield f"endpoints needs a list of short names, got {services!r}"
        return
    for service in services:
        if service not in endpoints.INTERFACE:
            near = ", ".join(get_close_matches(str(service), endpoints.INTERFACE, n=3))
            yield f"endpoints names {service!r}, which AWS does not have" + (f"; did you mean {near}?" if near else "")
        elif lacks_endpoint(service, region):
            yield f"{region} has no endpoint of {service!r}: leave it out, and reach the service by another route"


__all__ = [
    "Plan",
    "cidr_problems",
    "endpoint_problems",
    "plan",
    "retention_problems",
    "warnings",
    "zone_count",
    "zone_problems",
    "zone_warning",
]
