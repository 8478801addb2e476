from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "all": "-1"}


@control(
    id="DP-18",
    title="No security-group rule exists twice",
    types=("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 returns InvalidPermission.Duplicate for the second of two equal rules, inline or separate, and the stack "
        "rolls back."
    ),
    fix="Remove one of them.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
    blind="Rules that differ in the template but are equal once deployed, such as a name and an ID of the same group.",
    enforced_by="Cluster",
)
def security_group_rules_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type != "AWS::EC2::SecurityGroup":
        first = assembly.once("separate rules of other groups", lambda: _elsewhere(assembly)).get(resource)
        if first is not None:
            yield Problem(f"it duplicates the rule {first.logical_id}")
        return
    for direction in ("Ingress", "Egress"):
        seen: dict[str, str] = {}
        rules = [(path, path, rule) for path, rule in resource.each(f"SecurityGroup{direction}")]
        rules += [
            (other.logical_id, "", other.properties)
            for other in assembly.referring(resource, f"AWS::EC2::SecurityGroup{direction}")
            if assembly.target(other.get("GroupId"), near=other) is resource
        ]
        for where, path, rule in rules if len(rules) > 1 else ():
            if not isinstance(rule, dict):
                continue
            key = _key(rule, assembly)
            if key in seen:
                yield Problem(f"{where} duplicates the rule {seen[key]}", path)
            seen.setdefault(key, where)


def _elsewhere(assembly: Assembly) -> dict[Resource, Resource]:
    """Return the earlier rule for each duplicate separate rule of a group outside the templates."""
    firsts: dict[tuple[object, ...], Resource] = {}
    repeats: dict[Resource, Resource] = {}
    for rule in assembly.of("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        group = rule.get("GroupId")
        if group is None or not isinstance(rule.properties, dict):
            continue
        if assembly.target(group, "AWS::EC2::SecurityGroup", near=rule) is not None:
            continue
        first = firsts.setdefault((rule.template, rule.type, str(group), _key(rule.properties, assembly)), rule)
        if first is not rule:
            repeats[rule] = first
    return repeats


def _key(rule: dict[str, Any], assembly: Assembly) -> str:
    """Return a key that is equal for equal rules, with protocols by number and groups by resource."""
    protocol = str(rule.get("IpProtocol")).lower()
    ignored = {"Id", "Description", "GroupId", *(("FromPort", "ToPort") if protocol in ("-1", "all") else ())}
    parts = {"IpProtocol": _NUMBERS.get(protocol, protocol)}
    for name, value in rule.items():
        if name not in ignored and name not in parts:
            group = assembly.target(value, "AWS::EC2::SecurityGroup") if name.endswith("SecurityGroupId") else None
            parts[name] = group.id if group is not None else str(value).lower()
    return repr(sorted(parts.items()))
