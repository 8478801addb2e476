"""Helm values of add-ons under which the policies of their namespace admit them. Images and their digests are yours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROFILE: Final = {"seccompProfile": {"type": "RuntimeDefault"}}
_CONTAINER: Final = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
}


def _resources(cpu: str, memory: str) -> dict[str, Any]:
    """Return requests and a memory limit; without a CPU limit, which would throttle."""
    return {"limits": {"memory": memory}, "requests": {"cpu": cpu, "memory": memory}}


VALUES: Final[dict[str, Mapping[str, Any]]] = {
    "argo-cd": {
        part: {"resources": _resources(cpu, memory)}
        for part, cpu, memory in (
            ("applicationSet", "100m", "256Mi"),
            ("controller", "500m", "1Gi"),
            ("dex", "50m", "128Mi"),
            ("notifications", "50m", "128Mi"),
            ("redis", "100m", "256Mi"),
            ("redisSecretInit", "50m", "128Mi"),
            ("repoServer", "250m", "512Mi"),
            ("server", "100m", "256Mi"),
        )
    },
    "aws-for-fluent-bit": {
        "containerSecurityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "resources": _resources("50m", "128Mi"),
    },
    "cert-manager": {
        "cainjector": {"resources": _resources("50m", "256Mi")},
        "resources": _resources("50m", "128Mi"),
        "startupapicheck": {"resources": _resources("10m", "64Mi")},
        "webhook": {"resources": _resources("50m", "64Mi")},
    },
    "cluster-autoscaler": {
        "containerSecurityContext": _CONTAINER,
        "resources": _resources("100m", "600Mi"),
        "securityContext": {"fsGroup": 65534, "runAsNonRoot": True, "runAsUser": 65534, **_PROFILE},
    },
    "external-dns": {"resources": _resources("50m", "128Mi")},
    "external-secrets": {
        "certController": {"resources": _resources("25m", "128Mi")},
        "resources": _resources("50m", "256Mi"),
        "webhook": {"resources": _resources("25m", "64Mi")},
    },
    "istio": {"resources": _resources("500m", "2Gi"), "seccompProfile": {"type": "RuntimeDefault"}},
    "istio-cni": {"ambient": {"enabled": True}, "resources": _resources("100m", "128Mi")},
    "istio-ztunnel": {"resources": _resources("200m", "512Mi")},
    "karpenter": {"controller": {"resources": _resources("1", "1Gi")}, "hostNetwork": False},
    "load-balancer-controller": {
        "podSecurityContext": {"fsGroup": 65534, **_PROFILE},
        "resources": _resources("100m", "256Mi"),
        "securityContext": _CONTAINER,
    },
    "metrics-server": {"resources": _resources("100m", "200Mi")},
    "secrets-store-csi-driver": {
        "enableSecretRotation": True,
        "linux": {"driver": {"resources": _resources("50m", "128Mi")}},
        "rotationPollInterval": "1h",
        "syncSecret": {"enabled": False},
    },
}
"""Add-on -> values of its chart. Add-ons without an entry run as they are published, in a privileged namespace.

Source: the charts of each project (values.yaml and templates, November 2026).
"""
