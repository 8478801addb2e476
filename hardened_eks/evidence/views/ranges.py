"""Address ranges: whether they are the internet, or a very large part of it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.unknown import branches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

PREFIX_LIST: Final = "AWS::EC2::PrefixList"
LATER: Final = "known only at deployment"
PRIVATE: Final = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""The ranges of RFC 1918."""
# https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
_NOT_ROUTED: Final = tuple(
    ipaddress.ip_network(block)
    for block in (
        *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("224.0.0.0/4", "240.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8", "::1/128"),
    )
)
_WIDEST: Final = {4: 12, 6: 20}
"""The longest prefix that counts as the internet: a /12 has a million hosts, 2600::/12 those of a continent."""
_ZEROS: Final = regex(r"(?<![0-9A-Fa-f:.])0+(?=[0-9]+\.)|(?<=\.)0+(?=[0-9])")
"""Leading zeros in an IPv4 address, which Python does not accept."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""The IPv6 representation of all IPv4 addresses."""


def is_internet(cidr: str) -> bool:
    """Return whether a range is the internet or a large part of it; false for private and invalid ranges."""
    try:
        network = ipaddress.ip_network(_ZEROS.sub("", cidr.strip()), strict=False)
    except ValueError:
        return False
    if network.version == 6 and network.supernet_of(_NAT64):  # type: ignore[arg-type]
        return True
    if any(network.version == other.version and network.subnet_of(other) for other in _NOT_ROUTED):  # type: ignore[arg-type]
        return False
    return network.prefixlen <= _WIDEST[network.version]


def is_private(address: str) -> bool:
    """Return whether an address or a range is not routed on the internet; false for invalid ones."""
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return False
    return any(network.version == other.version and network.subnet_of(other) for other in _NOT_ROUTED)  # type: ignore[arg-type]


def listed(prefix_list: Resource) -> Iterator[str]:
    """Yield the ranges of a prefix list that are, or may be, the internet."""
    for _, entry in prefix_list.each("Entries"):
        for branch in branches(entry):
            value: Any = branch.get("Cidr") if isinstance(branch, dict) else branch
            if isinstance(value, Unknown):
                yield f"{value}, {LATER}"
            elif isinstance(value, str) and is_internet(value):
                yield value


def in_prefix_list(value: Any, near: Resource, assembly: Assembly) -> Iterator[str]:
    """Yield the ranges of a prefix list of the assembly that are, or may be, the internet, with the list name."""
    found = assembly.target(value, PREFIX_LIST, near=near)
    if found is not None:
        yield from (f"{cidr} of prefix list {found.logical_id}" for cidr in listed(found))
