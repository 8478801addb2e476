"""Who may talk to whom: network policies as the specification reads them.

Semantics: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Pod:
    namespace: str
    labels: dict[str, str] = field(default_factory=dict)


def allowed(
    objects: list[dict[str, Any]], source: Pod | str, target: Pod | str, port: int, protocol: str = "TCP"
) -> bool:
    """Return whether a connection is let through; an address stands for what is not a pod."""
    policies = [o for o in objects if o["kind"] == "NetworkPolicy"]
    out = not isinstance(source, Pod) or _admits(policies, source, "Egress", "to", target, port, protocol)
    return out and (not isinstance(target, Pod) or _admits(policies, target, "Ingress", "from", source, port, protocol))


def _admits(policies: Any, pod: Pod, direction: str, side: str, peer: Pod | str, port: int, protocol: str) -> bool:
    mine = [
        p["spec"]
        for p in policies
        if p["metadata"]["namespace"] == pod.namespace
        and direction in p["spec"]["policyTypes"]
        and _selects(p["spec"]["podSelector"], pod.labels)
    ]
    if not mine:
        return True
    rules = [rule for spec in mine for rule in spec.get(direction.lower(), ())]
    return any(
        (not rule.get(side) or any(_is(entry, peer, pod.namespace) for entry in rule[side]))
        and (not rule.get("ports") or any(_port(entry, port, protocol) for entry in rule["ports"]))
        for rule in rules
    )


def _is(entry: dict[str, Any], peer: Pod | str, namespace: str) -> bool:
    if "ipBlock" in entry:
        if isinstance(peer, Pod):
            return False
        address = ipaddress.ip_address(peer)
        inside = address in ipaddress.ip_network(entry["ipBlock"]["cidr"])
        return inside and not any(address in ipaddress.ip_network(e) for e in entry["ipBlock"].get("except", ()))
    if not isinstance(peer, Pod):
        return False
    if "namespaceSelector" in entry:
        if not _selects(entry["namespaceSelector"], {"kubernetes.io/metadata.name": peer.namespace}):
            return False
    elif peer.namespace != namespace:
        return False
    return _selects(entry.get("podSelector", {}), peer.labels)


def _selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    assert set(selector) <= {"matchLabels"}
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def _port(entry: dict[str, Any], port: int, protocol: str) -> bool:
    return entry.get("protocol", "TCP") == protocol and entry["port"] <= port <= entry.get("endPort", entry["port"])
