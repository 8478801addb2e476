"""Compute for pods: managed and self-managed nodes and Auto Mode, all on Nitro instances, and AWS Fargate."""

from hardened_eks.baseline.auto_mode import AutoModePool
from hardened_eks.compute._capacity import CapacityReservation, NodeImage, NodeVolume, WarmPool, WarmPoolState
from hardened_eks.compute._fargate_arguments import FargateOptions, FargateSelector
from hardened_eks.compute._karpenter_settings import KarpenterOptions, KarpenterPool
from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
from hardened_eks.compute._schedules import ScheduledScaling
from hardened_eks.compute._settings import (
    NodeGroupOptions,
    OperatingSystem,
    Scaling,
    SelfManagedOptions,
    Taint,
    TaintEffect,
)
from hardened_eks.compute.auto_mode import AutoMode, AutoModeNodes
from hardened_eks.compute.fargate import FargateProfile
from hardened_eks.compute.karpenter import Karpenter
from hardened_eks.compute.managed import NodeGroup
from hardened_eks.compute.self_managed import SelfManagedNodeGroup
from hardened_eks.compute.termination import TerminationHandler

__all__ = [
    "AutoMode",
    "AutoModeNodes",
    "AutoModePool",
    "BottlerocketSettings",
    "CapacityReservation",
    "FargateOptions",
    "FargateProfile",
    "FargateSelector",
    "Karpenter",
    "KarpenterOptions",
    "KarpenterPool",
    "KubeletSettings",
    "NodeGroup",
    "NodeGroupOptions",
    "NodeImage",
    "NodeVolume",
    "OperatingSystem",
    "Scaling",
    "ScheduledScaling",
    "SelfManagedNodeGroup",
    "SelfManagedOptions",
    "Taint",
    "TaintEffect",
    "TerminationHandler",
    "WarmPool",
    "WarmPoolState",
]
