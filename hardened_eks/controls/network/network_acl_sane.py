import bisect
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject, Unknown

_ANYWHERE: Final = (("0.0.0.0/0", "None"), ("None", "::/0"))
_ALL: Final = "-1"


@control(
    id="NW-18",
    title="Network ACLs are used, and each of their entries has an effect",
    requirement="vpc.nacl.sane",
    types=("AWS::EC2::NetworkAcl",),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "An ACL without a subnet, a deny after a wider allow, or a duplicate entry looks like protection but has no "
        "effect."
    ),
    fix=(
        "Associate the ACL with a subnet, place denies before the allows that they narrow, and remove duplicates; or "
        "use only security groups."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html",
    blind=(
        "Entries and associations outside the assembly. cdk-nag VPC3 advises against every custom ACL; this control "
        "reports only those without effect."
    ),
    detective="No construct creates network ACLs: security groups do their work, and are stateful.",
)
def network_acl_sane(acl: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not list(assembly.referring(acl, "AWS::EC2::SubnetNetworkAclAssociation")):
        yield Problem("it is not associated with a subnet")
    entries = [
        e for e in assembly.referring(acl, "AWS::EC2::NetworkAclEntry") if isinstance(e.number("RuleNumber"), int)
    ]
    entries.sort(key=lambda entry: int(entry.number("RuleNumber")))
    firsts: dict[tuple[Any, ...], Resource] = {}
    allowed: dict[tuple[Any, ...], _Allowed] = defaultdict(_Allowed)
    for entry in entries:
        action = str(entry.get("RuleAction")).lower()
        first = firsts.setdefault(_shape(entry), entry)
        if first is not entry:
            yield Problem(f"it duplicates {first.logical_id}", subject=Subject.of_resource(entry))
        elif action == "deny":
            earlier = next((e for key in _wider(entry) if (e := allowed[key].around(*_ports(entry)))), None)
            if earlier is not None:
                message = f"it denies traffic that {earlier.logical_id} already allows"
                yield Problem(message, subject=Subject.of_resource(entry))
        elif action == "allow" and not isinstance(entry.get("Protocol"), Unknown):
            protocol = str(entry.get("Protocol"))
            ports = (0, 65535) if protocol == _ALL else _ports(entry)
            allowed[(*_direction(entry), protocol)].add(*ports, entry)


class _Allowed:
    """Sorted port ranges that entries allow, none inside another, for fast look-ups."""

    def __init__(self) -> None:
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.entries: list[Resource] = []

    def around(self, first: int, last: int) -> Resource | None:
        """Return an entry that allows every port from `first` to `last`."""
        index = bisect.bisect_right(self.firsts, first) - 1
        return self.entries[index] if index >= 0 and self.lasts[index] >= last else None

    def add(self, first: int, last: int, entry: Resource) -> None:
        """Add the range of an entry, and remove the ranges inside it."""
        if self.around(first, last) is not None:
            return
        start, end = bisect.bisect_left(self.firsts, first), bisect.bisect_right(self.lasts, last)
        self.firsts[start:end] = [first]
        self.lasts[start:end] = [last]
        self.entries[start:end] = [entry]


def _direction(entry: Resource) -> tuple[Any, str, str]:
    egress = entry.flag("Egress", default=False)
    known = egress if isinstance(egress, bool | Unknown) else str(egress)
    return known, str(entry.get("CidrBlock")), str(entry.get("Ipv6CidrBlock"))


def _shape(entry: Resource) -> tuple[Any, ...]:
    names = ("RuleAction", "Protocol", "PortRange.From", "PortRange.To", "Icmp.Type", "Icmp.Code")
    return (*_direction(entry), *(str(entry.get(name)).lower() for name in names))


def _wider(entry: Resource) -> Iterator[tuple[Any, ...]]:
    """Yield the allow entries that may include all traffic that `entry` denies."""
    egress, ipv4, ipv6 = _direction(entry)
    anywhere = _ANYWHERE[0] if ipv6 == "None" else _ANYWHERE[1]
    for addresses in dict.fromkeys(((ipv4, ipv6), anywhere)):
        for protocol in (str(entry.get("Protocol")), _ALL):
            yield (egress, *addresses, protocol)


def _ports(entry: Resource) -> tuple[int, int]:
    first, last = entry.number("PortRange.From", 0), entry.number("PortRange.To", 65535)
    return (first if isinstance(first, int) else 0, last if isinstance(last, int) else 65535)
