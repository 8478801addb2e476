"""Connections and their ports, from security group rules, with each end named by the resource that uses the group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.diagram._names import NOT_KNOWN, called, known, name_of
from hardened_eks.diagram.facts import Talk
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.launch import AUTO_SCALING, CONFIGURATION, INSTANCE, TEMPLATE
from hardened_eks.evidence.views.security_groups import EGRESS, GROUP, INGRESS, rules
from hardened_eks.evidence.views.vpc import CLUSTER, ENDPOINT, NODEGROUP, VPC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.views.security_groups import Rule

_EVERYBODY: Final = {"0.0.0.0/0": "anywhere", "::/0": "anywhere (IPv6)"}
_NOBODY: Final = frozenset({"255.255.255.255/32", "127.0.0.1/32", "::1/128"})
"""Ranges that the CDK and others write if there must be a rule but nothing should be reachable."""
_FROM: Final = ("SourceSecurityGroupId", "SourceSecurityGroupName", "SourcePrefixListId", "CidrIp", "CidrIpv6")
_TO: Final = ("DestinationSecurityGroupId", "DestinationPrefixListId", "CidrIp", "CidrIpv6")
_ATTACHED: Final = (
    INSTANCE, "AWS::Lambda::Function", "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::EFS::MountTarget",
    "AWS::EC2::NetworkInterface", "AWS::EC2::InstanceConnectEndpoint",
)  # fmt: skip
"""Types with network interfaces that have security groups, in addition to clusters, endpoints and nodes."""
_NAMED: Final = 3
"""The maximum number of users by which a security group is named."""


def talks(assembly: Assembly) -> Iterator[Talk]:
    """Yield the allowed traffic, with the ports between two ends combined; a rule at either end counts."""
    found: dict[tuple[str, str], list[str]] = {}
    for source, target, port in (*_by_rules(assembly), *_by_default(assembly), *_to_managed_nodes(assembly)):
        ports = found.setdefault((source, target), [])
        if port not in ports:
            ports.append(port)
    yield from (Talk(source, target, tuple(ports)) for (source, target), ports in found.items())


def _by_rules(assembly: Assembly) -> Iterator[tuple[str, str, str]]:
    for direction, type_, keys in (("Ingress", INGRESS, _FROM), ("Egress", EGRESS, _TO)):
        for resource in assembly.of(GROUP, type_):
            for rule in rules(resource, direction):
                for peer in _peers(rule, keys, assembly):
                    own = _own(rule, assembly)
                    ends = (peer, own) if direction == "Ingress" else (own, peer)
                    yield *ends, rule.described_ports


def _by_default(assembly: Assembly) -> Iterator[tuple[str, str, str]]:
    """Yield the rule that AWS adds to a group without egress rules; rules that are separate resources do not remove it.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
    """
    for group in assembly.of(GROUP):
        if any(branch is None or branch == [] for branch in branches(group.get("SecurityGroupEgress"))):
            yield party(group, assembly), _EVERYBODY["0.0.0.0/0"], "all protocols and ports"


def _to_managed_nodes(assembly: Assembly) -> Iterator[tuple[str, str, str]]:
    """Yield the SSH access that Amazon EKS opens for ``RemoteAccess``: to everybody, if no security group is set."""
    for nodes in assembly.of(NODEGROUP):
        access = nodes.get("RemoteAccess")
        if isinstance(access, Unknown):
            yield NOT_KNOWN, name_of(nodes, assembly), "tcp 22"
        elif access:
            for group in nodes.items("RemoteAccess.SourceSecurityGroups") or ["0.0.0.0/0"]:
                yield _end(group, nodes, assembly), name_of(nodes, assembly), "tcp 22"


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
        return f"cluster security group{_which(found, called(found, assembly), assembly)}"
    if found.type == VPC:
        return f"the VPC{_which(found, name_of(found, assembly), assembly).removeprefix(' of')}"
    return party(found, assembly) if found.type == GROUP else name_of(found, assembly)


def _which(one: Resource, name: str, assembly: Assembly) -> str:
    """Return the words that tell a resource from others of its type; none if it is the only one."""
    return f" of {name}" if len(assembly.of(one.type)) > 1 else ""


def party(group: Resource, assembly: Assembly) -> str:
    """Return the names of the resources that use a security group."""
    return assembly.once(("diagram", "party", group), lambda: _party(group, assembly))


def _party(group: Resource, assembly: Assembly) -> str:
    names = list(dict.fromkeys(_users(group, assembly))) or [name_of(group, assembly)]
    more = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''}"


def _users(group: Resource, assembly: Assembly) -> Iterator[str]:
    users = assembly.users(group)
    for cluster in users.get(CLUSTER, ()):
        yield f"control plane{_which(cluster, called(cluster, assembly), assembly)}"
    for endpoint in users.get(ENDPOINT, ()):
        vpc = assembly.target(endpoint.get("VpcId"), VPC, near=endpoint)
        yield f"VPC endpoints{_which(vpc, name_of(vpc, assembly), assembly) if vpc is not None else ''}"
    nodes = [
        user for type_ in (TEMPLATE, CONFIGURATION) for one in users.get(type_, ()) for user in _launched(one, assembly)
    ]
    of_one = len(assembly.of(CLUSTER)) < 2
    if len(nodes) > 1 and of_one and any(node.type in {NODEGROUP, AUTO_SCALING} for node in nodes):
        yield "nodes"
    else:
        yield from (name_of(node, assembly) for node in nodes)
    for type_ in _ATTACHED:
        yield from (name_of(user, assembly) for user in users.get(type_, ()))


def _launched(template: Resource, assembly: Assembly) -> list[Resource]:
    return list(assembly.referring(template, NODEGROUP, AUTO_SCALING, INSTANCE)) or [template]
