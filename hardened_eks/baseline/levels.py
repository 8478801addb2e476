"""Pod Security levels, and the version of their rules that every cluster enforces."""

from __future__ import annotations

from typing import Final

LEVELS: Final = ("restricted", "baseline", "privileged")
"""Strictest first.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""
PINNED: Final = "v1.34"
"""The version with the strictest rules that EKS supports: since 1.35, restricted admits root with hostUsers: false."""
SYSTEM_NAMESPACES: Final = ("kube-node-lease", "kube-public", "kube-system")
"""Namespaces that Kubernetes and EKS own."""
PREFIX: Final = "pod-security.kubernetes.io"
LEVEL: Final = f"{PREFIX}/enforce"
VERSION: Final = f"{PREFIX}/enforce-version"


def labels(level: str) -> dict[str, str]:
    """Return the Pod Security labels of a namespace: `level` enforced and pinned, restricted audited and warned of."""
    found = {LEVEL: level, VERSION: PINNED}
    for mode in ("audit", "warn"):
        found[f"{PREFIX}/{mode}"] = "privileged" if level == "privileged" else "restricted"
        found[f"{PREFIX}/{mode}-version"] = "latest"
    return found
