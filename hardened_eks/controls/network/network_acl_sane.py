from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject, Unknown


@control(
    id="NW-18",
    title="Network ACLs are used, and each of their entries has an effect",
    requirement="vpc.nacl.sane",
    types=("AWS::EC2::NetworkAcl",),
    needs="assembly",
    severity=Severity.LOW,
    why="An ACL without a subnet, a deny behind a wider allow, an entry twice: each looks like protection and is none.",
    fix=(
        "Associate the ACL with a subnet, order denies before the allows they narrow, and drop duplicates; or use "
        "security groups alone."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html",
    blind=(
        "Entries and associations outside the assembly. cdk-nag VPC3 advises against every custom ACL; here only "
        "useless ones are findings."
    ),
    detective="No construct makes network ACLs: security groups do their work, and with state.",
)
def network_acl_sane(acl: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not list(assembly.referring(acl, "AWS::EC2::SubnetNetworkAclAssociation")):
        yield Problem("it is associated with no subnet")
    entries = [
        e for e in assembly.referring(acl, "AWS::EC2::NetworkAclEntry") if isinstance(e.number("RuleNumber"), int)
    ]
    entries.sort(key=lambda entry: int(entry.number("RuleNumber")))
    for index, entry in enumerate(entries):
        for earlier in entries[:index]:
            if _shape(earlier) == _shape(entry):
                yield Problem(f"it repeats {earlier.logical_id}", subject=Subject.of_resource(entry))
            elif str(entry.get("RuleAction")).lower() == "deny" and _covers(earlier, entry):
                message = f"it denies what {earlier.logical_id} has allowed before"
                yield Problem(message, subject=Subject.of_resource(entry))


def _direction(entry: Resource) -> tuple[Any, str, str]:
    return entry.flag("Egress", default=False), str(entry.get("CidrBlock")), str(entry.get("Ipv6CidrBlock"))


def _shape(entry: Resource) -> tuple[Any, ...]:
    names = ("RuleAction", "Protocol", "PortRange.From", "PortRange.To", "Icmp.Type", "Icmp.Code")
    return (*_direction(entry), *(str(entry.get(name)).lower() for name in names))


def _covers(earlier: Resource, entry: Resource) -> bool:
    """Say whether an earlier allow takes in everything that `entry` denies."""
    if str(earlier.get("RuleAction")).lower() != "allow" or isinstance(earlier.get("Protocol"), Unknown):
        return False
    if earlier.flag("Egress", default=False) is not entry.flag("Egress", default=False):
        return False
    if _direction(earlier)[1:] != _direction(entry)[1:] and "0.0.0.0/0" not in _direction(earlier):
        return False
    if str(earlier.get("Protocol")) == "-1":
        return True
    inner, outer = _ports(entry), _ports(earlier)
    return str(earlier.get("Protocol")) == str(entry.get("Protocol")) and outer[0] <= inner[0] and inner[1] <= outer[1]


def _ports(entry: Resource) -> tuple[int, int]:
    first, last = entry.number("PortRange.From", 0), entry.number("PortRange.To", 65535)
    return (first if isinstance(first, int) else 0, last if isinstance(last, int) else 65535)
