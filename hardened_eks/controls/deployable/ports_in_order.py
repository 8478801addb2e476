import re
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_ALONE = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
_ENTRY = "AWS::EC2::NetworkAclEntry"
_WITH_PORTS = {"tcp", "udp", "6", "17"}
_LAST = 65_535


@control(
    id="DP-57",
    title="Port ranges start at or below their end",
    types=("AWS::EC2::SecurityGroup", *_ALONE, _ENTRY),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='EC2 returns InvalidParameterValue ("Invalid TCP port range") and the stack rolls back.',
    fix="Set both ports to values between 0 and 65535, the lower one first.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
    enforced_by="Cluster",
)
def ports_in_order(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _ENTRY:
        ports = resource.get("PortRange")
        yield from _problems(ports, resource.get("Protocol"), ("From", "To"), "PortRange.")
    elif resource.type in _ALONE:
        yield from _rule(resource.properties, "")
    else:
        for direction in ("Ingress", "Egress"):
            for path, rule in resource.each(f"SecurityGroup{direction}"):
                yield from _rule(rule, f"{path}.")


def _rule(rule: Any, prefix: str) -> Iterator[Problem]:
    protocol = rule.get("IpProtocol") if isinstance(rule, dict) else None
    yield from _problems(rule, protocol, ("FromPort", "ToPort"), prefix)


def _problems(ports: Any, protocol: Any, names: tuple[str, str], prefix: str) -> Iterator[Problem]:
    if not isinstance(ports, dict) or str(protocol).lower() not in _WITH_PORTS:
        return
    first, last = (_port(ports.get(name)) for name in names)
    if first == last == -1:  # all ports, as in older templates
        return
    for name, port in zip(names, (first, last), strict=True):
        if port is not None and not 0 <= port <= _LAST:
            yield Problem(f"{port} is not a port; use 0 to {_LAST}", f"{prefix}{name}")
    if first is not None and last is not None and first > last:
        yield Problem(f"the range begins with {first} and ends with {last}", f"{prefix}{names[0]}")


def _port(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else None
    return value if isinstance(value, int) and abs(value) < 10**9 else None
