"""Add-ons: the namespace of each, the strictest Pod Security level that admits it, and exceptions from policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one add-on needs of the baseline.

    Source: the manifests and charts that its project publishes (November 2026).
    """

    namespace: str
    """Where it runs. ``kube-system`` is exempt from all but the policy ``exec``."""
    level: str
    """Pod Security level of the namespace."""
    why: str
    """Why it needs this level; or, for ``restricted``, what its values must set."""
    rbac: tuple[str, ...] = ()
    """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` would refuse."""


PROFILES: Final[dict[str, Profile]] = {
    "argo-cd": Profile(
        namespace="argocd",
        level="restricted",
        why="set image digests and resources; its ClusterRoles hold wildcards",
        rbac=("argocd-application-controller", "argocd-server"),
    ),
    "aws-for-fluent-bit": Profile(
        namespace="aws-for-fluent-bit", level="privileged", why="reads the node's logs from hostPath /var/log"
    ),
    "cert-manager": Profile(
        namespace="cert-manager",
        level="restricted",
        why="set resources; its CA injector writes webhook configurations",
        rbac=("cert-manager-cainjector",),
    ),
    "cloudwatch-observability": Profile(
        namespace="amazon-cloudwatch",
        level="privileged",
        why="its agents read the node's file system and container runtime; its ClusterRole reads nodes/proxy",
        rbac=("amazon-cloudwatch-observability-agent-role", "cloudwatch-agent-role", "cloudwatch-agent"),
    ),
    "external-dns": Profile(namespace="external-dns", level="restricted", why="set resources"),
    "guardduty-agent": Profile(
        namespace="amazon-guardduty", level="privileged", why="its agent watches the node's processes"
    ),
    "istio": Profile(
        namespace="istio-system",
        level="restricted",
        why="set seccompProfile; its reader ClusterRole holds wildcards and istiod writes webhook configurations",
        rbac=("istio-reader-clusterrole-istio-system", "istiod-clusterrole-istio-system"),
    ),
    "istio-cni": Profile(
        namespace="istio-cni", level="privileged", why="writes the node's CNI configuration; keep it apart from istiod"
    ),
    "istio-ztunnel": Profile(
        namespace="istio-ztunnel", level="privileged", why="redirects the traffic of pods; keep it apart from istiod"
    ),
    "karpenter": Profile(namespace="karpenter", level="restricted", why="set resources, leave hostNetwork off"),
    "kube-bench": Profile(
        namespace="kube-bench", level="privileged", why="reads the node's files and processes to audit them"
    ),
    "load-balancer-controller": Profile(
        namespace="aws-load-balancer-controller",
        level="restricted",
        why="set podSecurityContext.seccompProfile.type, securityContext.capabilities.drop and resources",
    ),
    "metrics-server": Profile(namespace="metrics-server", level="restricted", why="set a memory limit"),
    "secrets-store-csi-driver": Profile(
        namespace="secrets-store-csi-driver", level="privileged", why="mounts secrets through hostPath"
    ),
}
"""Add-on -> profile. vpc-cni, kube-proxy, coredns, ebs-csi and the Pod Identity agent run in kube-system."""
