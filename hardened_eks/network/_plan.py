"""Which address range goes where; pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import combinations
from typing import TYPE_CHECKING

from hardened_eks._tokens import is_token
from hardened_eks.data import endpoints
from hardened_eks.data.retention import retention_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTROL_PLANE_PREFIX = 28
_LARGEST = 16
_SMALLEST_POD_RANGE = 26
# The control plane has no place in these zones (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
REFUSED_ZONES = ("use1-az3", "usw1-az2", "cac1-az3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The ranges of a VPC's subnets, one of each kind a zone. Switching egress on or off moves nothing."""

    nodes: tuple[str, ...]
    control_plane: tuple[str, ...]
    public: tuple[str, ...]
    pods: tuple[tuple[str, ...], ...]
    """By zone."""


def plan(cidr: str, pod_cidrs: Sequence[str], zones: int) -> Plan:
    """Divide the range: a part a zone for nodes, the last part for the control plane and public subnets."""
    network = IPv4Network(cidr)
    bits = zones.bit_length()
    parts = list(network.subnets(prefixlen_diff=bits))
    last = list(parts[-1].subnets(new_prefix=_CONTROL_PLANE_PREFIX))
    pods = [list(IPv4Network(block).subnets(prefixlen_diff=(zones - 1).bit_length()))[:zones] for block in pod_cidrs]
    return Plan(
        nodes=tuple(map(str, parts[:zones])),
        control_plane=tuple(map(str, last[:zones])),
        public=tuple(map(str, last[-zones:])),
        pods=tuple(tuple(str(block[zone]) for block in pods) for zone in range(zones)),
    )


def smallest(zones: int, *, nat: bool) -> int:
    """Return the longest prefix that leaves room for a /28 a zone for the control plane, and one for NAT."""
    needed = zones * (2 if nat else 1)
    return _CONTROL_PLANE_PREFIX - zones.bit_length() - (needed - 1).bit_length()


def cidr_problems(cidr: str, pod_cidrs: Sequence[str], zones: int, *, nat: bool) -> Iterator[str]:
    """Say what is wrong with the ranges."""
    known: list[tuple[str, IPv4Network]] = []
    for what, text in (("cidr", cidr), *(("pod_cidrs", block) for block in pod_cidrs)):
        if is_token(text):
            yield f"{what} needs a range that is known now, since subnets are cut from it, got a deploy-time value"
            continue
        try:
            network = ip_network(text)
        except (ValueError, TypeError) as error:
            yield f"{what} needs an IPv4 range such as 10.0.0.0/16, got {text!r} ({error})"
            continue
        if isinstance(network, IPv6Network):
            yield f"{what} is the IPv6 range {text}: IPv6 clusters are not built by this library, use an IPv4 range"
            continue
        longest = smallest(zones, nat=nat) if what == "cidr" else _SMALLEST_POD_RANGE
        if not _LARGEST <= network.prefixlen <= longest:
            yield f"{what} needs a prefix from /{_LARGEST} to /{longest} for {zones} zones, got {text}"
        known.append((what, network))
    for (one, left), (other, right) in combinations(known, 2):
        if left.overlaps(right):
            yield f"{other} {right} overlaps {one} {left}: choose ranges apart"


def zone_problems(zones: object) -> Iterator[str]:
    """Say what is wrong with the number or the names of Availability Zones."""
    most = 6
    if isinstance(zones, int) and not isinstance(zones, bool):
        if not 2 <= zones <= most:
            yield f"availability_zones needs 2 to {most} zones, the control plane spans at least two, got {zones}"
        return
    if isinstance(zones, str) or not isinstance(zones, list | tuple):
        yield f"availability_zones needs a number or a list of names, got {zones!r}"
        return
    if not 2 <= len(set(zones)) <= most or len(set(zones)) != len(zones):
        yield f"availability_zones needs 2 to {most} different zones, got {list(zones)!r}"
    refused = [zone for zone in zones if zone in REFUSED_ZONES]
    if refused:
        yield f"the EKS control plane has no place in {', '.join(refused)}: name other zones"
    if any(isinstance(zone, str) and not is_token(zone) and "-az" in zone for zone in zones):
        yield f"availability_zones needs zone names such as eu-west-1a, not zone ids, got {list(zones)!r}"


def endpoint_problems(services: Sequence[str]) -> Iterator[str]:
    """Say which services have no interface endpoint."""
    from difflib import get_close_matches

    for service in services:
        if service not in endpoints.INTERFACE:
            near = ", ".join(get_close_matches(str(service), endpoints.INTERFACE, n=3))
            yield f"endpoints names {service!r}, which AWS does not have" + (f"; did you mean {near}?" if near else "")


__all__ = ["Plan", "cidr_problems", "endpoint_problems", "plan", "retention_problems", "zone_problems"]
