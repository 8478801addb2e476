"""What runs pods: managed node groups, on Nitro only, with no way into them but through Kubernetes."""

from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
from hardened_eks.compute._settings import NodeGroupOptions, OperatingSystem, Scaling, Taint, TaintEffect
from hardened_eks.compute.managed import NodeGroup

__all__ = [
    "BottlerocketSettings",
    "KubeletSettings",
    "NodeGroup",
    "NodeGroupOptions",
    "OperatingSystem",
    "Scaling",
    "Taint",
    "TaintEffect",
]
