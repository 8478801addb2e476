"""Network policies of a namespace: all traffic is denied except the connections that it names, and never IMDS."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

EKS: Final = "networking.k8s.aws/v1alpha1"
"""API group of the network policies that only EKS has."""
IMDS: Final = ("169.254.169.254/32", "fd00:ec2::254/128")
"""Addresses of the instance metadata service."""
_LOCAL: Final = ipaddress.ip_network("fd00:ec2::/32")
"""IPv6 addresses of the services on and next to a node, with the instance metadata service among them."""
POD_IDENTITY: Final = ("169.254.170.23/32", "fd00:ec2::23/128")
"""Addresses of the Pod Identity agent on the node.

Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
"""
NODE_LOCAL_DNS: Final = "169.254.20.10/32"
"""The address on which NodeLocal DNSCache listens on each node.

Source: https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
"""
_DNS_PORTS: Final = ({"port": 53, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"})
Rule = dict[str, Any]


def policies(
    allow: Sequence[Any],
    *,
    pod_identity: bool,
    dns_addresses: Sequence[str],
    node_local_dns: bool,
    ranges: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, Rule]]:
    """Yield the name and specification of each network policy.

    Args:
        allow: connections that the namespace allows, as in `Namespace`.
        pod_identity: allow the address of the Pod Identity agent.
        dns_addresses: addresses of the DNS service, for clusters in which DNS is not a pod (Auto Mode).
        node_local_dns: allow the address of NodeLocal DNSCache.
        ranges: the named ranges of the settings.
    """
    yield "default-deny", {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}
    dns: list[Rule] = [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        },
        *({"ipBlock": {"cidr": _network(a)}} for a in dns_addresses),
        *([{"ipBlock": {"cidr": NODE_LOCAL_DNS}}] if node_local_dns else []),
    ]
    yield "allow-dns", _egress(dns, list(_DNS_PORTS))
    if pod_identity:
        agent = [{"ipBlock": {"cidr": cidr}} for cidr in POD_IDENTITY]
        yield "allow-pod-identity", _egress(agent, [{"port": 80, "protocol": "TCP"}])
    for number, entry in enumerate(allow, start=1):
        if entry == "same-namespace":
            peers: list[Rule] = [{"podSelector": {}}]
            yield (
                "allow-same-namespace",
                {
                    "podSelector": {},
                    "policyTypes": ["Egress", "Ingress"],
                    "egress": [{"to": peers}],
                    "ingress": [{"from": peers}],
                },
            )
        else:
            yield f"allow-{number:02}", _named(entry, ranges)


def by_domain(spec: Rule) -> bool:
    """Return whether a specification names domains, which only an ApplicationNetworkPolicy of EKS can."""
    return any("domainNames" in peer for rule in spec.get("egress", ()) for peer in rule["to"])


def without_imds(system_namespaces: Sequence[str]) -> Rule:
    """Return the specification of a ClusterNetworkPolicy that denies pods the instance metadata service.

    Unlike a network policy, it takes precedence over the policies of namespaces.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
    """
    others = {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": sorted(system_namespaces)}
    rule = {"action": "Deny", "name": "deny-imds", "to": [{"networks": list(IMDS)}]}
    subject = {"namespaces": {"matchExpressions": [others]} if system_namespaces else {}}
    return {"egress": [rule], "priority": 0, "subject": subject, "tier": "Admin"}


def _named(entry: Mapping[str, Any], ranges: Mapping[str, Sequence[str]]) -> Rule:
    ports = [_port(port) for port in entry["ports"]]
    selector = {"matchLabels": dict(entry["pods"])} if entry.get("pods") else {}
    if "to" in entry:
        return {**_egress(_peers(entry["to"], ranges), ports), "podSelector": selector}
    rule = {"from": _peers(entry["from"], ranges, incoming=True), "ports": ports}
    return {"podSelector": selector, "policyTypes": ["Ingress"], "ingress": [rule]}


def _egress(peers: Sequence[Rule], ports: Sequence[Rule]) -> Rule:
    return {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": list(peers), "ports": list(ports)}]}


def _peers(peer: Mapping[str, Any], ranges: Mapping[str, Sequence[str]], *, incoming: bool = False) -> list[Rule]:
    if "cidr" in peer:
        return blocks(peer["cidr"], peer.get("except", ()), incoming=incoming)
    if "domains" in peer:
        return [{"domainNames": list(peer["domains"])}]
    if "range" in peer:
        return [block for cidr in ranges[peer["range"]] for block in blocks(cidr, incoming=incoming)]
    found: Rule = {"podSelector": {"matchLabels": dict(peer["pods"])} if peer.get("pods") else {}}
    if "namespace" in peer:
        found["namespaceSelector"] = {"matchLabels": {"kubernetes.io/metadata.name": peer["namespace"]}}
    return [found]


def blocks(cidr: str, excepted: Sequence[str] = (), *, incoming: bool = False) -> list[Rule]:
    """Return the peers of a range, without the instance metadata service.

    An IPv6 range is split, because in IPv4 clusters the network policy agent cannot read an IPv6 ``except``, and then
    programs no rule of the pod (https://github.com/aws/aws-network-policy-agent/issues/631).

    Args:
        cidr: the range.
        excepted: ranges within it that are left out.
        incoming: for connections from the range, which the metadata service never opens. Default: no.
    """
    network = ipaddress.ip_network(cidr)
    left_out = {ipaddress.ip_network(text) for text in excepted}
    parts = [network]
    for text in () if incoming else IMDS:
        address = ipaddress.ip_network(text)
        if not _within(address, network) or any(_within(address, other) for other in left_out):
            continue
        if network.version == 4:
            left_out.add(address)
        else:
            whole: Any = network
            parts = sorted(whole.address_exclude(_LOCAL if _within(_LOCAL, network) and network != _LOCAL else address))
    return [_block(part, left_out) for part in parts if not any(_within(part, other) for other in left_out)]


def _block(network: Any, left_out: Iterable[Any]) -> Rule:
    found: Rule = {"cidr": str(network)}
    if inner := [other for other in left_out if _within(other, network)]:
        found["except"] = sorted(map(str, inner))
    return {"ipBlock": found}


def _within(inner: Any, outer: Any) -> bool:
    return inner.version == outer.version and bool(inner.subnet_of(outer))


def _port(port: int | str) -> Rule:
    """Return the port of ``443``, ``53/UDP`` or ``8000-8100``."""
    numbers, _, protocol = str(port).partition("/")
    first, _, last = numbers.partition("-")
    found: Rule = {"port": int(first), "protocol": protocol or "TCP"}
    return {**found, "endPort": int(last)} if last else found


def _network(address: str) -> str:
    return str(ipaddress.ip_network(address))
