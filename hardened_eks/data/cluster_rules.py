"""Config rules about workloads in clusters, and about settings that no AWS Config item contains.

The first three keep the names of aws-samples/eks-configrules-with-cdk, so that dashboards and frameworks with these
names still work: https://github.com/aws-samples/eks-configrules-with-cdk
"""

from __future__ import annotations

from typing import Final

from hardened_eks._records import dataclass

GROUP: Final = "hardened-eks:config-rules"
"""The Kubernetes group in the access entry of the function."""
CHECK: Final = "check"
"""The parameter of a Config rule with its `ClusterRule.id` in `RULES`."""
REGISTRIES: Final = "trusted_registries"
"""The parameter with allowed registries, separated by commas; the name is that of the samples."""
EXEMPT: Final = "exempt_namespaces"
"""The parameter with exempt namespaces, separated by commas."""
CLUSTERS: Final = "HARDENED_EKS_CLUSTERS"
"""The environment variable of the function with the names of the clusters, separated by commas."""
EXEMPT_NAMESPACES: Final = ("amazon-guardduty", "kube-node-lease", "kube-public", "kube-system")
"""Namespaces of Kubernetes, EKS and GuardDuty."""


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """One Config rule."""

    id: str
    """A short stable name."""
    name: str
    """The name of the Config rule."""
    control: str
    """The ID of the control that evaluates it."""
    description: str
    """The description in AWS Config, with at most 256 characters."""
    parameters: tuple[str, ...] = ()
    """Its parameters in addition to `CHECK`."""


RULES: Final = (
    ClusterRule(
        "network-policies",
        "eks-netPolCheck-rule",
        "KB-36",
        "Each namespace of the clusters has network policies that select all its pods, for ingress and egress.",
        (EXEMPT,),
    ),
    ClusterRule(
        "privilege-escalation",
        "eks-privEscalation-rule",
        "KB-03",
        "No container of the clusters is privileged or can gain privileges. A container without the setting can.",
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
        "Only access entries give access to the clusters, not the aws-auth ConfigMap.",
    ),
    ClusterRule(
        "deletion-protection", "eks-deletionProtection-rule", "CP-10", "The clusters are protected from deletion."
    ),
    ClusterRule(
        "support-type",
        "eks-supportType-rule",
        "CP-08",
        "The clusters do not enter extended support after standard support (support type STANDARD).",
    ),
)
"""All rules, in the order of the documentation."""
