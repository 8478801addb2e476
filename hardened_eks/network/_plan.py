"""Which address range goes where; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import combinations, islice
from typing import TYPE_CHECKING

from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_text_token, is_token
from hardened_eks.data import endpoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTROL_PLANE_PREFIX = 28
_LARGEST = 16
_SMALLEST_POD_RANGE = 26
# The control plane has no place in these zones (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
REFUSED_ZONES = {"us-east-1": "use1-az3", "us-west-1": "usw1-az2", "ca-central-1": "cac1-az3"}
_ZONE = re.compile(r"(?P<region>[a-z]{2,4}(-[a-z]+)+-\d+)[a-z]")


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
    """Return the longest prefix that leaves room for a /28 a zone for the control plane, and one for NAT."""
    needed = zones * (2 if nat else 1)
    return _CONTROL_PLANE_PREFIX - zones.bit_length() - (needed - 1).bit_length()


def cidr_problems(cidr: str, pod_cidrs: Sequence[str], zones: int, *, nat: bool) -> Iterator[str]:
    """Say what is wrong with the ranges."""
    if not isinstance(pod_cidrs, list | tuple):
        yield f"pod_cidrs needs a list of ranges, got {pod_cidrs!r}"
        pod_cidrs = ()
    known: list[tuple[str, IPv4Network]] = []
    for what, text in (("cidr", cidr), *(("pod_cidrs", block) for block in pod_cidrs)):
        if is_token(text):
            yield f"{what} needs a range that is known now, since subnets are cut from it, got a deploy-time value"
            continue
        try:
            network = ip_network(text if isinstance(text, str) else "")
        except ValueError as error:
            yield f"{what} needs an IPv4 range such as 10.0.0.0/16, got {text!r} ({error})"
            continue
        if isinstance(network, IPv6Network):
            yield f"{what} is the IPv6 range {text}: IPv6 clusters are not built by this library, use an IPv4 range"
            continue
        if network.is_loopback or network.is_link_local or network.is_multicast or network.is_unspecified:
            yield f"{what} {text} is no range for a VPC: choose a private one (RFC 1918, or 100.64.0.0/10 for pods)"
            continue
        longest = smallest(zones, nat=nat) if what == "cidr" else _SMALLEST_POD_RANGE
        if not _LARGEST <= network.prefixlen <= longest:
            yield f"{what} needs a prefix from /{_LARGEST} to /{longest} for {zones} zones, got {text}"
        known.append((what, network))
    for (one, left), (other, right) in combinations(known, 2):
        if left.overlaps(right):
            yield f"{other} {right} overlaps {one} {left}: choose ranges apart"


def zone_count(zones: object) -> int:
    """Say how many zones are meant, two at least, also where what was given cannot be counted."""
    if isinstance(zones, int) and not isinstance(zones, bool):
        return max(2, zones)
    return max(2, len(zones)) if isinstance(zones, list | tuple) else 2


def zone_problems(zones: object, region: str) -> Iterator[str]:
    """Say what is wrong with the number or the names of Availability Zones."""
    most = 6
    if isinstance(zones, int) and not isinstance(zones, bool):
        if not 2 <= zones <= most:
            yield f"availability_zones needs 2 to {most} zones, the control plane spans at least two, got {zones}"
        return
    if not isinstance(zones, list | tuple) or not all(isinstance(zone, str) for zone in zones):
        yield f"availability_zones needs a number or a list of names, got {zones!r}"
        return
    if not 2 <= len(set(zones)) <= most or len(set(zones)) != len(zones):
        yield f"availability_zones needs 2 to {most} different zones, got {list(zones)!r}"
    refused = [zone for zone in zones if zone in REFUSED_ZONES.values()]
    if refused:
        yield f"the EKS control plane has no place in {', '.join(refused)}: name other zones"
    for zone in zones:
        if is_text_token(zone):
            continue
        match = _ZONE.fullmatch(zone)
        if match is None:
            yield f"availability_zones needs names such as eu-west-1a, no zone ids and no local zones, got {zone!r}"
        elif not is_token(region) and match["region"] != region:
            yield f"availability_zones names {zone}, which is not in the stack's region {region}: name its zones"


def zone_warning(region: str) -> str:
    """Say that one of the region's zones, which has another name in every account, is none for the control plane."""
    return (
        f"the EKS control plane has no place in {REFUSED_ZONES[region]} of {region}, and which of your zones that is "
        "cannot be seen: ask `aws ec2 describe-availability-zones` and name others in availability_zones"
    )


def pods_warning(pod_cidrs: Sequence[str]) -> str:
    """Say which of several ranges pods use: the VPC CNI has one configuration a zone, and so one subnet."""
    *former, used = pod_cidrs
    return (
        f"the VPC CNI takes addresses from one pod subnet a zone: pods of new nodes use {used}, the last of pod_cidrs, "
        f"and those of nodes made before keep {', '.join(former)}; to begin with, one larger range does more"
    )


def warnings(pod_cidrs: Sequence[str], zones: int | Sequence[str], region: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each warning about a plan that can be carried out."""
    if len(pod_cidrs) > 1:
        yield "pod-range-unused", pods_warning(pod_cidrs)
    if isinstance(zones, int) and region in REFUSED_ZONES:
        yield "zone-without-control-plane", zone_warning(region)


def endpoint_problems(services: Sequence[str]) -> Iterator[str]:
    """Say which services have no endpoint."""
    from difflib import get_close_matches

    if not isinstance(services, list | tuple):
        yield f"endpoints needs a list of short names, got {services!r}"
        return
    for service in services:
        if service not in endpoints.INTERFACE:
            near = ", ".join(get_close_matches(str(service), endpoints.INTERFACE, n=3))
            yield f"endpoints names {service!r}, which AWS does not have" + (f"; did you mean {near}?" if near else "")


__all__ = [
    "REFUSED_ZONES",
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
