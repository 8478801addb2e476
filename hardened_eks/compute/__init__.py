"""Compute for pods: managed and self-managed nodes and Auto Mode, all on Nitro instances, and AWS Fargate."""

from typing import TYPE_CHECKING

from hardened_eks._lazy import importer

if TYPE_CHECKING:
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

_HOMES = {
    "AutoMode": "auto_mode",
    "AutoModeNodes": "auto_mode",
    "AutoModePool": ".baseline.auto_mode",
    "BottlerocketSettings": "_node_settings",
    "CapacityReservation": "_capacity",
    "FargateOptions": "_fargate_arguments",
    "FargateProfile": "fargate",
    "FargateSelector": "_fargate_arguments",
    "Karpenter": "karpenter",
    "KarpenterOptions": "_karpenter_settings",
    "KarpenterPool": "_karpenter_settings",
    "KubeletSettings": "_node_settings",
    "NodeGroup": "managed",
    "NodeGroupOptions": "_settings",
    "NodeImage": "_capacity",
    "NodeVolume": "_capacity",
    "OperatingSystem": "_settings",
    "Scaling": "_settings",
    "ScheduledScaling": "_schedules",
    "SelfManagedNodeGroup": "self_managed",
    "SelfManagedOptions": "_settings",
    "Taint": "_settings",
    "TaintEffect": "_settings",
    "TerminationHandler": "termination",
    "WarmPool": "_capacity",
    "WarmPoolState": "_capacity",
}

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

__getattr__ = importer(__name__, _HOMES)
