"""The Config rules about what runs in clusters, and about facts that no configuration item of AWS Config carries.

The first three keep the names of aws-samples/eks-configrules-with-cdk, so that dashboards and frameworks that name them
go on: https://github.com/aws-samples/eks-configrules-with-cdk
"""

from __future__ import annotations

from typing import Final

from hardened_eks._records import dataclass

GROUP: Final = "hardened-eks:config-rules"
"""Kubernetes group of the function's access entry."""
CHECK: Final = "check"
"""Parameter of a Config rule that tells the function which of `RULES` it is; `ClusterRule.id`."""
REGISTRIES: Final = "trusted_registries"
"""Parameter: registries that images may come from, separated by commas; the name is that of the samples."""
EXEMPT: Final = "exempt_namespaces"
"""Parameter: namespaces that are not evaluated, separated by commas."""
CLUSTERS: Final = "HARDENED_EKS_CLUSTERS"
"""Variable of the function: names of the clusters, separated by commas."""
EXEMPT_NAMESPACES: Final = ("amazon-guardduty", "kube-node-lease", "kube-public", "kube-system")
"""Namespaces that Kubernetes, EKS and GuardDuty own."""


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """One Config rule."""

    id: str
    """Short stable name."""
    name: str
    """Name of the Config rule."""
    control: str
    """Id of the control that evaluates."""
    description: str
    """The description that AWS Config shows; 256 characters at most."""
    parameters: tuple[str, ...] = ()
    """What it takes beside `CHECK`."""


RULES: Final = (
    ClusterRule(
        "network-policies",
        "eks-netPolCheck-rule",
        "KB-36",
        "Each namespace of the clusters has network policies that select all its pods, both ways.",
        (EXEMPT,),
    ),
    ClusterRule(
        "privilege-escalation",
        "eks-privEscalation-rule",
        "KB-03",
        "No container of the clusters is privileged or may gain privileges. A container without the setting may.",
        (EXEMPT,),
    ),
    ClusterRule(
        "trusted-registries",
        "eks-trustedRegCheck-rule",
        "KB-01",
        "Images of all containers and image volumes in the clusters come from trusted registries.",
        (EXEMPT, REGISTRIES),
    ),
    ClusterRule(
        "authentication-mode",
        "eks-authModeCheck-rule",
        "CP-11",
        "Access to the clusters is given by access entries alone, not by the aws-auth ConfigMap.",
    ),
    ClusterRule(
        "deletion-protection", "eks-deletionProtection-rule", "CP-10", "The clusters are protected from deletion."
    ),
    ClusterRule(
        "support-type",
        "eks-supportType-rule",
        "CP-08",
        "The clusters do not stay in extended support after standard support (support type STANDARD).",
    ),
)
"""The entries in the order of the documentation."""
