"""Managed node groups: Nitro only, no way into them but through Kubernetes."""

from hardened_eks.nodes._node_group import NodeGroup
from hardened_eks.nodes._settings import NodeGroupOptions, OperatingSystem, Scaling, Taint, TaintEffect

__all__ = ["NodeGroup", "NodeGroupOptions", "OperatingSystem", "Scaling", "Taint", "TaintEffect"]
