"""The rules of a security group, inline or as separate resources, in one format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.unknown import branches, flat
from hardened_eks.evidence.views.ranges import LATER, PREFIX_LIST, in_prefix_list, is_internet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

GROUP: Final = "AWS::EC2::SecurityGroup"
INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
WIDE: Final = 100
"""The number of ports from which a rule counts as a wide range."""
_PREFIX_LISTS: Final = ("SourcePrefixListId", "DestinationPrefixListId")
_WITHOUT_PORTS: Final = {"icmp", "icmpv6", "1", "58"}
_TCP: Final = {"tcp", "6"}
_TCP_OR_ALL: Final = {*_TCP, "-1"}
_NAMES: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, of either direction."""

    resource: Resource
    prefix: str
    """The path of the rule in `resource`: ``SecurityGroupIngress.0``, or empty for a separate rule resource."""
    values: dict[str, Any]
    hidden: Unknown | None = None
    """The whole rule, if it is an intrinsic function."""

    def path(self, name: str) -> str:
        """Return the path of a property of the rule, or of the whole rule if it is an intrinsic function."""
        if self.hidden is not None:
            return self.prefix
        return f"{self.prefix}.{name}" if self.prefix else name

    @property
    def protocol(self) -> str:
        """The protocol: ``tcp``, or ``-1`` for all; an unknown protocol counts as all."""
        value = self.values.get("IpProtocol")
        name = "-1" if value is None or isinstance(value, Unknown) else str(value).strip().lower()
        return "-1" if name == "all" else name

    @property
    def all_protocols(self) -> bool:
        """Return whether the rule covers, or may cover, every protocol."""
        return self.protocol == "-1"

    @property
    def ports(self) -> range:
        """The ports that the rule opens; all ports if they are not known, none for ICMP."""
        protocol = self.protocol
        if protocol in _WITHOUT_PORTS:
            return range(0)
        if protocol == "-1":
            return range(65536)
        first, last = (_port(self.values.get(name)) for name in ("FromPort", "ToPort"))
        return range(0 if first is None else first, 65536 if last is None else last + 1)

    @property
    def tcp_ports(self) -> range:
        """The TCP ports that the rule opens; all ports if they are not known."""
        return self.ports if self.protocol in _TCP_OR_ALL else range(0)

    def opens(self, port: int) -> bool:
        """Return whether the rule opens TCP `port`."""
        return port in self.tcp_ports

    @property
    def only_https(self) -> bool:
        """Return whether the rule opens only TCP 443."""
        return self.protocol in _TCP and self.ports == range(443, 444)

    @property
    def only_http(self) -> bool:
        """Return whether the rule opens only TCP 80."""
        return self.protocol in _TCP and self.ports == range(80, 81)

    def cidrs(self, assembly: Assembly) -> Iterator[tuple[str, str]]:
        """Yield (property, address range) for its peers, without references to resources such as the range of a VPC."""
        for name in ("CidrIp", "CidrIpv6"):
            value = self.values.get(name)
            for branch in branches(value):
                if isinstance(branch, Unknown) and assembly.target(branch) is None:
                    yield name, f"{branch}, {LATER}"
                elif isinstance(branch, str):
                    yield name, branch
        if self.hidden is not None:
            yield "", f"{self.hidden}, {LATER}"

    def world(self, assembly: Assembly) -> Iterator[tuple[str, str]]:
        """Yield (path, address range) for peers that are, or may be, the internet."""
        for name, cidr in self.cidrs(assembly):
            if LATER in cidr or is_internet(cidr):
                yield (self.path(name) if name else self.prefix), cidr
        for name in _PREFIX_LISTS:
            for cidr in in_prefix_list(self.values.get(name), self.resource, assembly):
                yield self.path(name), cidr

    def unseen_lists(self, assembly: Assembly) -> Iterator[tuple[str, str]]:
        """Yield (path, ID) for prefix lists outside the assembly, whose ranges are not known."""
        for name in _PREFIX_LISTS:
            value = self.values.get(name)
            if value is not None and assembly.target(value, PREFIX_LIST, near=self.resource) is None:
                yield self.path(name), str(value)

    def peer(self, assembly: Assembly) -> Resource | None:
        """Return the security group at the other end, if it is in the assembly."""
        for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId"):
            found = assembly.target(self.values.get(name), GROUP, near=self.resource)
            if found is not None:
                return found
        return None

    def group(self, assembly: Assembly) -> Resource | None:
        """Return the security group of the rule, if it is in the assembly."""
        if self.resource.type == GROUP:
            return self.resource
        return assembly.target(self.values.get("GroupId"), GROUP, near=self.resource)

    def within(self, assembly: Assembly) -> bool:
        """Return whether both ends are the same security group."""
        if self.values.get("SourceSecurityGroupId") is None and self.values.get("DestinationSecurityGroupId") is None:
            return False
        peer = self.peer(assembly)
        if peer is not None:
            return peer is self.group(assembly)
        own = self.values.get("GroupId")
        ends = [self.values.get(n) for n in ("SourceSecurityGroupId", "DestinationSecurityGroupId")]
        return own is not None and any(end is not None and str(end) == str(own) for end in ends)

    @property
    def described_ports(self) -> str:
        """The protocol and ports, for messages."""
        if self.all_protocols:
            return "all protocols and ports"
        ports = self.ports
        protocol = _NAMES.get(self.protocol, self.protocol)
        if not ports:
            return protocol
        return f"{protocol} {ports[0]}" if len(ports) == 1 else f"{protocol} {ports[0]}-{ports[-1]}"


def rules(resource: Resource, direction: str) -> Iterator[Rule]:
    """Yield the inline rules of a security group, or the rule of a rule resource; `direction` is Ingress or Egress."""
    if resource.type != GROUP:
        if resource.type.endswith(direction):
            values = resource.properties
            hidden = values if isinstance(values, Unknown) else None
            yield Rule(resource, "", values if isinstance(values, dict) else {}, hidden)
        return
    name = f"SecurityGroup{direction}"
    for path, item in resource.each(name):
        for rule in flat(item):
            if isinstance(rule, dict):
                yield Rule(resource, path, rule)
            elif isinstance(rule, Unknown):
                yield Rule(resource, path, {}, rule)


def rules_of(group: Resource, direction: str, assembly: Assembly) -> Iterator[Rule]:
    """Yield all rules of a security group, inline and separate."""
    yield from rules(group, direction)
    for resource in assembly.referring(group, f"{GROUP}{direction}"):
        for rule in rules(resource, direction):
            if rule.group(assembly) is group:
                yield rule


def open_to_world(resource: Resource, assembly: Assembly, *ports: int) -> Iterator[tuple[str, str, str]]:
    """Yield (path, address range, ports) of ingress rules that open one of `ports` to the internet."""
    for rule in rules(resource, "Ingress"):
        tcp = rule.tcp_ports
        opened = [port for port in ports if port in tcp]
        if opened:
            for path, cidr in rule.world(assembly):
                yield path, cidr, ", ".join(map(str, opened)) if len(opened) < len(ports) else rule.described_ports


def _port(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        port = int(value)
    except ValueError:
        return None
    return port if 0 <= port <= 65535 else None
