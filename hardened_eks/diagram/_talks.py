"""Connections and their ports, from security group rules, with each end named by the resource that uses the group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.diagram._names import known, name_of
from hardened_eks.diagram.facts import Talk
from hardened_eks.evidence.views.launch import AUTO_SCALING, INSTANCE, TEMPLATE
from hardened_eks.evidence.views.security_groups import EGRESS, GROUP, INGRESS, rules
from hardened_eks.evidence.views.vpc import CLUSTER, ENDPOINT, NODEGROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.views.security_groups import Rule

_EVERYBODY: Final = {"0.0.0.0/0": "anywhere", "::/0": "anywhere (IPv6)"}
_NOBODY: Final = frozenset({"255.255.255.255/32", "127.0.0.1/32", "::1/128"})
"""Ranges that the CDK and others write if there must be a rule but nothing should be reachable."""
_FROM: Final = ("SourceSecurityGroupId", "SourcePrefixListId", "CidrIp", "CidrIpv6")
_TO: Final = ("DestinationSecurityGroupId", "DestinationPrefixListId", "CidrIp", "CidrIpv6")


def talks(assembly: Assembly) -> Iterator[Talk]:
    """Yield the allowed traffic, with the ports between two ends combined; a rule at either end counts."""
    found: dict[tuple[str, str], list[str]] = {}
    for direction, type_, keys in (("Ingress", INGRESS, _FROM), ("Egress", EGRESS, _TO)):
        for resource in assembly.of(GROUP, type_):
            for rule in rules(resource, direction):
                for peer in _peers(rule, keys, assembly):
                    own = _own(rule, assembly)
                    ends = (peer, own) if direction == "Ingress" else (own, peer)
                    ports = found.setdefault(ends, [])
                    if rule.described_ports not in ports:
                        ports.append(rule.described_ports)
    yield from (Talk(source, target, tuple(ports)) for (source, target), ports in found.items())


def _own(rule: Rule, assembly: Assembly) -> str:
    group = rule.group(assembly)
    return party(group, assembly) if group is not None else _end(rule.values.get("GroupId"), rule.resource, assembly)


def _peers(rule: Rule, keys: tuple[str, ...], assembly: Assembly) -> Iterator[str]:
    if rule.hidden is not None:
        yield known(rule.hidden)
    for key in keys:
        value = rule.values.get(key)
        if value is not None and str(value) not in _NOBODY:
            yield _end(value, rule.resource, assembly)


def _end(value: Any, near: Resource, assembly: Assembly) -> str:
    found = assembly.target(value, near=near)
    if found is None:
        text = str(value)
        return _EVERYBODY.get(text, text)
    if found.type == CLUSTER:
        return "cluster security group"
    if found.type == "AWS::EC2::VPC":
        return "the VPC"
    return party(found, assembly) if found.type == GROUP else name_of(found)


def party(group: Resource, assembly: Assembly) -> str:
    """Return the name of the resource that uses a security group."""
    return assembly.once(("diagram", "party", group), lambda: _party(group, assembly))


def _party(group: Resource, assembly: Assembly) -> str:
    users = assembly.users(group)
    if users.get(CLUSTER):
        return "control plane"
    if users.get(ENDPOINT):
        return "VPC endpoints"
    nodes = [user for template in users.get(TEMPLATE, ()) for user in _launched(template, assembly)]
    if any(node.type in {NODEGROUP, AUTO_SCALING} for node in nodes):
        return "nodes" if len(nodes) > 1 else name_of(nodes[0])
    for user in (*nodes, *users.get(INSTANCE, ()), *users.get("AWS::Lambda::Function", ())):
        return name_of(user)
    return name_of(group)


def _launched(template: Resource, assembly: Assembly) -> list[Resource]:
    return list(assembly.referring(template, NODEGROUP, AUTO_SCALING, INSTANCE)) or [template]
