"""Mutual TLS between pods with Istio's ambient mode: no sidecar, and no capability that ``restricted`` refuses.

AWS App Mesh, which older recommendations name, ended in September 2026.

Source: https://istio.io/latest/docs/ambient/, https://istio.io/latest/docs/ambient/usage/networkpolicy/
"""

from __future__ import annotations

from typing import Any, Final

from hardened_eks.baseline.objects import thing

ADDONS: Final = ("istio", "istio-cni", "istio-ztunnel")
"""Add-ons of the mesh (`hardened_eks.baseline.addons`)."""
LABELS: Final = {"istio.io/dataplane-mode": "ambient"}
"""Labels of a namespace in the mesh."""
PORT: Final = 15008
"""The port on which ztunnel accepts the encrypted traffic of pods, for every port of the pod."""
PROBES: Final = ("169.254.7.127/32", "fd16:9254:7127:1337:ffff::/80")
"""Source addresses of the kubelet's probes of a pod in the mesh. Older network policy agents take an IPv6 range without
``::`` for IPv4, so this one is wider than Istio's address (https://github.com/istio/istio/issues/56484)."""
_ROOT: Final = "istio-system"


def strict() -> dict[str, Any]:
    """Return the object that refuses plain traffic to every pod of the mesh."""
    return thing(
        "security.istio.io/v1", "PeerAuthentication", "default", namespace=_ROOT, spec={"mtls": {"mode": "STRICT"}}
    )


def with_tunnel(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a network policy's specification that also allows the traffic of its pods in the mesh.

    The policy then decides which pods may communicate. The tunnel hides the port, so an AuthorizationPolicy of Istio
    must limit it.
    """
    changed = dict(spec)
    for direction, side in (("ingress", "from"), ("egress", "to")):
        if direction in spec:
            changed[direction] = [_open(rule, side) for rule in spec[direction]]
    return changed


def _open(rule: dict[str, Any], side: str) -> dict[str, Any]:
    pods = all("podSelector" in peer for peer in rule[side])
    if not pods or "ports" not in rule:
        return rule
    return {**rule, "ports": [*rule["ports"], {"port": PORT, "protocol": "TCP"}]}


def probes() -> dict[str, Any]:
    """Return the specification of the network policy that admits probes of the kubelet."""
    peers = [{"ipBlock": {"cidr": cidr}} for cidr in PROBES]
    return {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": peers}]}
