"""Hardened Amazon EKS for the AWS CDK.

Names are imported when they are first used, so that the command line and the catalog start without Node.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardened_eks import addons, alerts, response
    from hardened_eks._cluster_like import ClusterLike, ComputeLike
    from hardened_eks._signed_code import SignedCode
    from hardened_eks._waive import waive
    from hardened_eks.access import (
        AccessEntry,
        AccessPolicy,
        AdminHost,
        BreakGlassRole,
        CreatorRole,
        IdentityCenterTrust,
        IdentityProvider,
    )
    from hardened_eks.addons import Addon, AddonOptions
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.checks import Checks
    from hardened_eks.cluster import Cluster, ControlPlaneEgress, ImportedCluster, KubeApiServer, Kubectl
    from hardened_eks.compute import (
        AutoMode,
        AutoModeNodes,
        AutoModePool,
        BottlerocketSettings,
        CapacityReservation,
        FargateOptions,
        FargateProfile,
        FargateSelector,
        Karpenter,
        KarpenterOptions,
        KarpenterPool,
        KubeletSettings,
        NodeGroup,
        NodeGroupOptions,
        NodeImage,
        NodeVolume,
        OperatingSystem,
        Scaling,
        ScheduledScaling,
        SelfManagedNodeGroup,
        SelfManagedOptions,
        Taint,
        TaintEffect,
        TerminationHandler,
        WarmPool,
        WarmPoolState,
    )
    from hardened_eks.detection import Detection, GlobalEvents, ManagedDetectors, Suppression
    from hardened_eks.errors import ConfigurationError
    from hardened_eks.governance import (
        AccountDefaults,
        ArchiveBucket,
        LogCustody,
        OrganizationDefaults,
        Trail,
        TrailBucket,
    )
    from hardened_eks.governance._aggregator import AggregationAuthorization, ConfigAggregator
    from hardened_eks.governance._assessment import AuditAssessment
    from hardened_eks.governance._cluster_rules import ClusterRules
    from hardened_eks.governance._evidence import EvidenceBucket
    from hardened_eks.governance._guardrails import Guardrails, PermissionsBoundary
    from hardened_eks.governance._organization_packs import OrganizationConformancePacks
    from hardened_eks.governance._packs import ConformancePacks
    from hardened_eks.governance._recorder import ConfigRecorder
    from hardened_eks.hook._hook import Hook
    from hardened_eks.hook._organization import OrganizationHook
    from hardened_eks.identity import PodRole, ServiceAccountRole
    from hardened_eks.keys import Keys
    from hardened_eks.network import Dns, DnsMode, Egress, EncryptionControl, Network
    from hardened_eks.recovery import BackupCopy, Backups, BackupVault, RestoreTesting, VaultLock, VeleroStore
    from hardened_eks.registry import Lifecycle, PullThroughCache, Registry, Repository, SigningRule
    from hardened_eks.response import Response
    from hardened_eks.workloads import AccessLogs, ArgoCdCapability, TrustedCharts, Workloads

__version__ = "0.1.0"

_HOMES = {
    "_cluster_like": ("ClusterLike", "ComputeLike"),
    "access": (
        *("AccessEntry", "AccessPolicy", "AdminHost", "BreakGlassRole", "CreatorRole"),
        *("IdentityCenterTrust", "IdentityProvider"),
    ),
    "addons": ("Addon", "AddonOptions"),
    "alerts": ("AlertChannel",),
    "checks": ("Checks",),
    "cluster": ("Cluster", "ControlPlaneEgress", "ImportedCluster", "KubeApiServer", "Kubectl"),
    "compute": (
        *("AutoMode", "AutoModeNodes", "AutoModePool"),
        *("CapacityReservation", "NodeImage", "NodeVolume", "WarmPool", "WarmPoolState"),
        *("BottlerocketSettings", "FargateOptions", "FargateProfile", "FargateSelector"),
        *("Karpenter", "KarpenterOptions", "KarpenterPool"),
        *("KubeletSettings", "NodeGroup", "NodeGroupOptions", "OperatingSystem", "Scaling", "ScheduledScaling"),
        *("SelfManagedNodeGroup", "SelfManagedOptions", "Taint", "TaintEffect", "TerminationHandler"),
    ),
    "detection": ("Detection", "GlobalEvents", "ManagedDetectors", "Suppression"),
    "errors": ("ConfigurationError",),
    "governance": ("AccountDefaults", "ArchiveBucket", "LogCustody", "OrganizationDefaults", "Trail", "TrailBucket"),
    "governance._aggregator": ("AggregationAuthorization", "ConfigAggregator"),
    "governance._assessment": ("AuditAssessment",),
    "governance._cluster_rules": ("ClusterRules",),
    "governance._evidence": ("EvidenceBucket",),
    "governance._guardrails": ("Guardrails", "PermissionsBoundary"),
    "governance._organization_packs": ("OrganizationConformancePacks",),
    "governance._packs": ("ConformancePacks",),
    "governance._recorder": ("ConfigRecorder",),
    "_signed_code": ("SignedCode",),
    "hook._hook": ("Hook",),
    "hook._organization": ("OrganizationHook",),
    "identity": ("PodRole", "ServiceAccountRole"),
    "keys": ("Keys",),
    "network": ("Dns", "DnsMode", "Egress", "EncryptionControl", "Network"),
    "recovery": ("BackupCopy", "BackupVault", "Backups", "RestoreTesting", "VaultLock", "VeleroStore"),
    "registry": ("Lifecycle", "PullThroughCache", "Registry", "Repository", "SigningRule"),
    "response": ("Response",),
    "_waive": ("waive",),
    "workloads": ("AccessLogs", "ArgoCdCapability", "TrustedCharts", "Workloads"),
}
_NAMESPACES = ("addons", "alerts", "response")
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AccessEntry",
    "AccessLogs",
    "AccessPolicy",
    "AccountDefaults",
    "Addon",
    "AddonOptions",
    "AdminHost",
    "AggregationAuthorization",
    "AlertChannel",
    "ArchiveBucket",
    "ArgoCdCapability",
    "AuditAssessment",
    "AutoMode",
    "AutoModeNodes",
    "AutoModePool",
    "BackupCopy",
    "BackupVault",
    "Backups",
    "BottlerocketSettings",
    "BreakGlassRole",
    "CapacityReservation",
    "Checks",
    "Cluster",
    "ClusterLike",
    "ClusterRules",
    "ComputeLike",
    "ConfigAggregator",
    "ConfigRecorder",
    "ConfigurationError",
    "ConformancePacks",
    "ControlPlaneEgress",
    "CreatorRole",
    "Detection",
    "Dns",
    "DnsMode",
    "Egress",
    "EncryptionControl",
    "EvidenceBucket",
    "FargateOptions",
    "FargateProfile",
    "FargateSelector",
    "GlobalEvents",
    "Guardrails",
    "Hook",
    "IdentityCenterTrust",
    "IdentityProvider",
    "ImportedCluster",
    "Karpenter",
    "KarpenterOptions",
    "KarpenterPool",
    "Keys",
    "KubeApiServer",
    "Kubectl",
    "KubeletSettings",
    "Lifecycle",
    "LogCustody",
    "ManagedDetectors",
    "Network",
    "NodeGroup",
    "NodeGroupOptions",
    "NodeImage",
    "NodeVolume",
    "OperatingSystem",
    "OrganizationConformancePacks",
    "OrganizationDefaults",
    "OrganizationHook",
    "PermissionsBoundary",
    "PodRole",
    "PullThroughCache",
    "Registry",
    "Repository",
    "Response",
    "RestoreTesting",
    "Scaling",
    "ScheduledScaling",
    "SelfManagedNodeGroup",
    "SelfManagedOptions",
    "ServiceAccountRole",
    "SignedCode",
    "SigningRule",
    "Suppression",
    "Taint",
    "TaintEffect",
    "TerminationHandler",
    "Trail",
    "TrailBucket",
    "TrustedCharts",
    "VaultLock",
    "VeleroStore",
    "WarmPool",
    "WarmPoolState",
    "Workloads",
    "addons",
    "alerts",
    "response",
    "waive",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home, or a namespace, on first use (PEP 562)."""
    home = _HOME_OF.get(name)
    if home is None and name not in _NAMESPACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hardened_eks import _startup

    with _startup.quick():
        module = importlib.import_module(f"{__name__}.{home or name}")
    value = module if home is None else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
