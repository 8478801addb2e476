"""The cluster: private, logged, encrypted, without standing administrators."""

from hardened_eks.cluster._base import ClusterBase
from hardened_eks.cluster._cluster import Cluster
from hardened_eks.cluster._imported import ImportedCluster
from hardened_eks.cluster._settings import ControlPlaneEgress, KubeApiServer

__all__ = ["Cluster", "ClusterBase", "ControlPlaneEgress", "ImportedCluster", "KubeApiServer"]
