"""Helm values with which the policies of their namespace admit add-ons. You choose the images and their digests."""

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
    """Return requests and a memory limit, without a CPU limit, which would throttle the container."""
    return {"limits": {"memory": memory}, "requests": {"cpu": cpu, "memory": memory}}


_COPY: Final = {"resources": _resources("50m", "256Mi")}
"""Resources of Argo CD's init containers, to which its chart gives memory but no CPU request."""
VALUES: Final[dict[str, Mapping[str, Any]]] = {
    "argo-cd": {
        "applicationSet": {"resources": _resources("100m", "256Mi")},
        "controller": {"resources": _resources("500m", "1Gi")},
        "dex": {"initImage": _COPY, "resources": _resources("50m", "128Mi")},
        "notifications": {"resources": _resources("50m", "128Mi")},
        "redis": {"resources": _resources("100m", "256Mi")},
        "redisSecretInit": {"resources": _resources("50m", "128Mi")},
        "repoServer": {"copyutil": _COPY, "resources": _resources("250m", "512Mi")},
        "server": {"resources": _resources("100m", "256Mi")},
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
    "external-dns": {
        "podSecurityContext": {"fsGroup": 65534, **_PROFILE},
        "resources": _resources("50m", "128Mi"),
        "securityContext": _CONTAINER,
    },
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
"""Values of the charts by add-on. Add-ons without an entry run with their default values, in a privileged namespace.

Source: values.yaml and the templates of each chart, as `Profile.source` names them.
"""
