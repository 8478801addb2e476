"""Hardened Amazon EKS for the AWS CDK.

Names are imported when they are first used, so that the command line and the catalogue start without Node.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardened_eks.access import AccessEntry, AdminHost, BreakGlassRole, CreatorRole
    from hardened_eks.addons import Addon, AddonOptions
    from hardened_eks.checks import Checks, waive
    from hardened_eks.cluster import Cluster, ControlPlaneEgress, KubeApiServer
    from hardened_eks.errors import ConfigurationError
    from hardened_eks.identity import PodRole, ServiceAccountRole
    from hardened_eks.keys import Keys
    from hardened_eks.network import Egress, Network
    from hardened_eks.nodes import NodeGroup, OperatingSystem, Scaling, Taint
    from hardened_eks.registry import Registry, Repository

__version__ = "0.1.0"

_HOMES = {
    "access": ("AccessEntry", "AdminHost", "BreakGlassRole", "CreatorRole"),
    "addons": ("Addon", "AddonOptions"),
    "checks": ("Checks", "waive"),
    "cluster": ("Cluster", "ControlPlaneEgress", "KubeApiServer"),
    "errors": ("ConfigurationError",),
    "identity": ("PodRole", "ServiceAccountRole"),
    "keys": ("Keys",),
    "network": ("Egress", "Network"),
    "nodes": ("NodeGroup", "OperatingSystem", "Scaling", "Taint"),
    "registry": ("Registry", "Repository"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AccessEntry",
    "Addon",
    "AddonOptions",
    "AdminHost",
    "BreakGlassRole",
    "Checks",
    "Cluster",
    "ConfigurationError",
    "ControlPlaneEgress",
    "CreatorRole",
    "Egress",
    "Keys",
    "KubeApiServer",
    "Network",
    "NodeGroup",
    "OperatingSystem",
    "PodRole",
    "Registry",
    "Repository",
    "Scaling",
    "ServiceAccountRole",
    "Taint",
    "waive",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use (PEP 562)."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hardened_eks import _startup

    with _startup.quick():
        value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
