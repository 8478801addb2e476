"""The in-cluster baseline as data: namespaces, admission policies, network policies, roles and quotas.

It is rendered from `Settings` without a cluster, and works on every EKS cluster: Pod Security Admission,
ValidatingAdmissionPolicy, RBAC, NetworkPolicy and quotas. It needs no controller.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hardened_eks.baseline.namespaces import Namespace
    from hardened_eks.baseline.rendering import manifests
    from hardened_eks.baseline.settings import Settings

__all__ = ["Namespace", "Settings", "manifests"]

_HOME_OF: Final = {"Namespace": "namespaces", "Settings": "settings", "manifests": "rendering"}


def __getattr__(name: str) -> Any:
    """Import a name on first use, because controls load only the policies at every start."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
