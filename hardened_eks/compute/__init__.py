"""What runs pods: managed and self-managed nodes, on Nitro only and with no way in but Kubernetes, and Fargate."""

from hardened_eks.compute._fargate_arguments import FargateOptions, FargateSelector
from hardened_eks.compute._karpenter_settings import KarpenterOptions, KarpenterPool
from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
from hardened_eks.compute._settings import (
    NodeGroupOptions,
    OperatingSystem,
    Scaling,
    SelfManagedOptions,
    Taint,
    TaintEffect,
)
from hardened_eks.compute.fargate import FargateProfile
from hardened_eks.compute.karpenter import Karpenter
from hardened_eks.compute.managed import NodeGroup
from hardened_eks.compute.self_managed import SelfManagedNodeGroup
from hardened_eks.compute.termination import TerminationHandler

__all__ = [
    "BottlerocketSettings",
    "FargateOptions",
    "FargateProfile",
    "FargateSelector",
    "Karpenter",
    "KarpenterOptions",
    "KarpenterPool",
    "KubeletSettings",
    "NodeGroup",
    "NodeGroupOptions",
    "OperatingSystem",
    "Scaling",
    "SelfManagedNodeGroup",
    "SelfManagedOptions",
    "Taint",
    "TaintEffect",
    "TerminationHandler",
]
