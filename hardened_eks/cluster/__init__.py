"""The cluster: private, logged, encrypted, without standing administrators."""

from typing import TYPE_CHECKING, Any

from hardened_eks.cluster._base import ClusterBase
from hardened_eks.cluster._cluster import Cluster
from hardened_eks.cluster._imported import ImportedCluster
from hardened_eks.cluster._settings import ControlPlaneEgress, KubeApiServer

if TYPE_CHECKING:
    from hardened_eks.cluster._kubectl import Kubectl

__all__ = ["Cluster", "ClusterBase", "ControlPlaneEgress", "ImportedCluster", "KubeApiServer", "Kubectl"]


def __getattr__(name: str) -> Any:
    """Import `Kubectl` on first use, because few clusters need it (PEP 562)."""
    if name != "Kubectl":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hardened_eks.cluster._kubectl import Kubectl

    return Kubectl
