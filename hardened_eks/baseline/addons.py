"""Add-ons: the namespace of each, the strictest Pod Security level that admits it, and exceptions from policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_EVERYWHERE: Final = ("0.0.0.0/0", "::/0")


def _to(*ports: int) -> tuple[dict[str, Any], ...]:
    """Return what opens ports of everything but the instance metadata service, for the API server and AWS."""
    return tuple({"to": {"cidr": cidr}, "ports": list(ports)} for cidr in _EVERYWHERE)


def _from(*ports: int) -> tuple[dict[str, Any], ...]:
    """Return what lets the API server call a webhook, whose addresses are not pods."""
    return tuple({"from": {"cidr": cidr}, "ports": list(ports)} for cidr in _EVERYWHERE)


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
    allow: tuple[Any, ...] = _to(443)
    """Connections of its namespace, as in `Namespace`. Default: HTTPS to anywhere, for the API server and AWS."""
    pod_identity: bool = False
    """Its pods have a role of AWS."""
    critical: bool = False
    """Its pods have a priority class of the system, which the policy ``priority`` then admits in its namespace."""


PROFILES: Final[dict[str, Profile]] = {
    "argo-cd": Profile(
        namespace="argocd",
        level="restricted",
        why="set image digests and resources; its ClusterRoles hold wildcards",
        rbac=("argocd-application-controller", "argocd-server"),
        allow=("same-namespace", *_to(443)),
    ),
    "aws-for-fluent-bit": Profile(
        namespace="aws-for-fluent-bit",
        level="privileged",
        why="reads the node's logs from hostPath /var/log",
        pod_identity=True,
    ),
    "cert-manager": Profile(
        namespace="cert-manager",
        level="restricted",
        why="set resources; its CA injector writes webhook configurations",
        rbac=("cert-manager-cainjector",),
        allow=(*_to(443), *_from(10250)),
        pod_identity=True,
    ),
    "cluster-autoscaler": Profile(
        namespace="cluster-autoscaler",
        level="restricted",
        why="set securityContext, containerSecurityContext and resources",
        pod_identity=True,
    ),
    "cloudwatch-observability": Profile(
        namespace="amazon-cloudwatch",
        level="privileged",
        why="its agents read the node's file system and container runtime; its ClusterRole reads nodes/proxy",
        rbac=("amazon-cloudwatch-observability-agent-role", "cloudwatch-agent-role", "cloudwatch-agent"),
        allow=("same-namespace", *_to(443, 10250), *_from(9443)),
        pod_identity=True,
    ),
    "ebs-csi-driver": Profile(
        namespace="kube-system", level="privileged", why="mounts volumes for pods through hostPath"
    ),
    "efs-csi-driver": Profile(
        namespace="kube-system", level="privileged", why="mounts file systems for pods through hostPath"
    ),
    "external-dns": Profile(namespace="external-dns", level="restricted", why="set resources", pod_identity=True),
    "external-secrets": Profile(
        namespace="external-secrets",
        level="restricted",
        why="set resources; its certificate controller writes webhook configurations",
        rbac=("external-secrets-cert-controller",),
        allow=(*_to(443), *_from(10250)),
        pod_identity=True,
    ),
    "fluent-bit": Profile(
        namespace="fluent-bit",
        level="privileged",
        why="reads the node's logs from hostPath /var/log",
        pod_identity=True,
    ),
    "fsx-csi-driver": Profile(
        namespace="kube-system", level="privileged", why="mounts file systems for pods through hostPath"
    ),
    "guardduty-agent": Profile(
        namespace="amazon-guardduty", level="privileged", why="its agent watches the node's processes"
    ),
    "istio": Profile(
        namespace="istio-system",
        level="restricted",
        why="set seccompProfile; its reader ClusterRole holds wildcards and istiod writes webhook configurations",
        rbac=("istio-reader-clusterrole-istio-system", "istiod-clusterrole-istio-system"),
        allow=(*_to(443), *_from(15010, 15012, 15014, 15017)),
    ),
    "istio-cni": Profile(
        namespace="istio-cni", level="privileged", why="writes the node's CNI configuration; keep it apart from istiod"
    ),
    "istio-ztunnel": Profile(
        namespace="istio-ztunnel",
        level="privileged",
        why="redirects the traffic of pods; keep it apart from istiod",
        allow=({"to": {"namespace": "istio-system"}, "ports": [15012]},),
    ),
    "karpenter": Profile(
        namespace="karpenter",
        level="restricted",
        why="set resources, leave hostNetwork off",
        critical=True,
        pod_identity=True,
    ),
    "kube-bench": Profile(
        namespace="kube-bench", level="privileged", why="reads the node's files and processes to audit them"
    ),
    "load-balancer-controller": Profile(
        namespace="aws-load-balancer-controller",
        level="restricted",
        why="set podSecurityContext.seccompProfile.type, securityContext.capabilities.drop and resources",
        critical=True,
        allow=(*_to(443), *_from(9443)),
        pod_identity=True,
    ),
    "metrics-server": Profile(
        namespace="metrics-server",
        level="restricted",
        why="set a memory limit",
        critical=True,
        allow=(*_to(443, 10250), *_from(10250)),
    ),
    "node-monitoring-agent": Profile(
        namespace="kube-system", level="privileged", why="watches the node's processes, logs and kernel"
    ),
    "secrets-store-csi-driver": Profile(
        namespace="secrets-store-csi-driver",
        level="privileged",
        why="mounts secrets through hostPath",
        pod_identity=True,
    ),
}
"""Add-on -> profile. vpc-cni, kube-proxy, coredns and the Pod Identity agent come with EKS and run in kube-system."""
