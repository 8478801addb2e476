"""Add-ons: the namespace of each, the strictest Pod Security level that admits it, and exceptions from policies."""

from __future__ import annotations

from typing import Any, Final

from hardened_eks._records import dataclass

_EVERYWHERE: Final = ("0.0.0.0/0", "::/0")


def _to(*ports: int) -> tuple[dict[str, Any], ...]:
    """Return the entry that opens ports to all addresses except the instance metadata service: for the API and AWS."""
    return tuple({"to": {"cidr": cidr}, "ports": list(ports)} for cidr in _EVERYWHERE)


def _from(*ports: int) -> tuple[dict[str, Any], ...]:
    """Return the entry that lets the API server call a webhook. Its addresses do not belong to pods."""
    return tuple({"from": {"cidr": cidr}, "ports": list(ports)} for cidr in _EVERYWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The requirements of one add-on on the baseline.

    They come from reading its chart, not from running it: `source` has the place and the commit (November 2026).
    """

    namespace: str
    """Namespace of the add-on. In ``kube-system``, only the policy ``exec`` applies."""
    level: str
    """Pod Security level of the namespace."""
    why: str
    """The reason for this level; for ``restricted``, the settings that its values need."""
    source: str | None
    """GitHub URL of its chart or manifest. None: it is not public."""
    rbac: tuple[str, ...] = ()
    """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` would refuse. Default: none."""
    allow: tuple[Any, ...] = _to(443)
    """Connections of its namespace, as in `Namespace`. Default: HTTPS to anywhere, for the API server and AWS."""
    pod_identity: bool = False
    """Whether its pods have an IAM role. Default: no."""
    critical: bool = False
    """Whether its pods have a system priority class, which the policy ``priority`` then admits in its namespace.
    Default: no."""


PROFILES: Final[dict[str, Profile]] = {
    "argo-cd": Profile(
        namespace="argocd",
        level="restricted",
        why="set image digests and resources, also of the init containers; its ClusterRoles hold wildcards",
        source="argoproj/argo-helm/tree/7b058f053318ab3460a699c6a208a502be487453/charts/argo-cd",
        rbac=("argocd-application-controller", "argocd-server"),
        allow=("same-namespace", *_to(443)),
    ),
    "aws-for-fluent-bit": Profile(
        namespace="aws-for-fluent-bit",
        level="privileged",
        why="reads the node's logs from hostPath /var/log",
        source="aws/eks-charts/tree/ca71d793c54faeb479e7c9089c6c1cdaaf9fb81c/stable/aws-for-fluent-bit",
        pod_identity=True,
    ),
    "cert-manager": Profile(
        namespace="cert-manager",
        level="restricted",
        why="set resources; its CA injector writes webhook configurations",
        source="cert-manager/cert-manager/tree/001eb00d7f276ebcb4f84ffa8ba9255d9292b8c8/deploy/charts/cert-manager",
        rbac=("cert-manager-cainjector",),
        allow=(*_to(443), *_from(10250)),
        pod_identity=True,
    ),
    "cluster-autoscaler": Profile(
        namespace="cluster-autoscaler",
        level="restricted",
        why="set securityContext, containerSecurityContext and resources",
        source="kubernetes/autoscaler/tree/260fae9b9b719478f91c1bf7170951609203a87b/charts/cluster-autoscaler",
        pod_identity=True,
    ),
    "cloudwatch-observability": Profile(
        namespace="amazon-cloudwatch",
        level="privileged",
        why="its agents read the node's file system and container runtime; its ClusterRole reads nodes/proxy",
        source="aws-observability/helm-charts/tree/ecb91d750efed15554172971fd5ed89f0ed0bab7/charts/amazon-cloudwatch-observability",
        rbac=("amazon-cloudwatch-observability-agent-role", "cloudwatch-agent-role", "cloudwatch-agent"),
        allow=("same-namespace", *_to(443, 10250), *_from(9443)),
        pod_identity=True,
    ),
    "ebs-csi-driver": Profile(
        namespace="kube-system",
        level="privileged",
        why="mounts volumes for pods through hostPath",
        source="kubernetes-sigs/aws-ebs-csi-driver/tree/be9426cd5536e4deb98b93bb6c58c79183770833/charts/aws-ebs-csi-driver",
    ),
    "efs-csi-driver": Profile(
        namespace="kube-system",
        level="privileged",
        why="mounts file systems for pods through hostPath",
        source="kubernetes-sigs/aws-efs-csi-driver/tree/07a9c9bd2fd1915e60e04d0c72ea7c1d241739ea/charts/aws-efs-csi-driver",
    ),
    "external-dns": Profile(
        namespace="external-dns",
        level="restricted",
        why="set podSecurityContext.seccompProfile, securityContext.allowPrivilegeEscalation and resources",
        source="kubernetes-sigs/external-dns/tree/0cd8a022ccddc7ee9921ef93c6b0f5bc9902f3a4/charts/external-dns",
        pod_identity=True,
    ),
    "external-secrets": Profile(
        namespace="external-secrets",
        level="restricted",
        why="set resources; its certificate controller writes webhook configurations",
        source="external-secrets/external-secrets/tree/00c5cec5785b6e685133f6ef69e835b4d460ac2c/deploy/charts/external-secrets",
        rbac=("external-secrets-cert-controller",),
        allow=(*_to(443), *_from(10250)),
        pod_identity=True,
    ),
    "fluent-bit": Profile(
        namespace="fluent-bit",
        level="privileged",
        why="reads the node's logs from hostPath /var/log",
        source=None,
        pod_identity=True,
    ),
    "fsx-csi-driver": Profile(
        namespace="kube-system",
        level="privileged",
        why="mounts file systems for pods through hostPath",
        source="kubernetes-sigs/aws-fsx-csi-driver/tree/01a892782f3c0c6862093e38d544f59df3c4afaa/charts/aws-fsx-csi-driver",
    ),
    "guardduty-agent": Profile(
        namespace="amazon-guardduty", level="privileged", why="its agent watches the node's processes", source=None
    ),
    "istio": Profile(
        namespace="istio-system",
        level="restricted",
        why="set seccompProfile; its reader ClusterRole holds wildcards and istiod writes webhook configurations",
        source="istio/istio/tree/543a3cfd0894786a9c12a564cf10fa99f139948f/manifests/charts/istio-control/istio-discovery",
        rbac=("istio-reader-clusterrole-istio-system", "istiod-clusterrole-istio-system"),
        allow=(*_to(443), *_from(15010, 15012, 15014, 15017)),
    ),
    "istio-cni": Profile(
        namespace="istio-cni",
        level="privileged",
        why="writes the node's CNI configuration; keep it apart from istiod",
        source="istio/istio/tree/398e1bf2ed48530f53b740cdc69d5fd3e250d878/manifests/charts/istio-cni",
    ),
    "istio-ztunnel": Profile(
        namespace="istio-ztunnel",
        level="privileged",
        why="redirects the traffic of pods; keep it apart from istiod",
        source="istio/istio/tree/8dbacc5236eb41e007e2bcc5c209855491946a39/manifests/charts/ztunnel",
        allow=({"to": {"namespace": "istio-system"}, "ports": [15012]},),
    ),
    "karpenter": Profile(
        namespace="karpenter",
        level="restricted",
        why="set resources, leave hostNetwork off",
        source="aws/karpenter-provider-aws/tree/a7026cdef36d58fdf75044fda2e4365d2dc055e2/charts/karpenter",
        critical=True,
        pod_identity=True,
    ),
    "kube-bench": Profile(
        namespace="kube-bench",
        level="privileged",
        why="reads the node's files and processes to audit them",
        source="aquasecurity/kube-bench/blob/82b5fd19cc8c13011caf6645ab6ff5a18dde25ec/job-eks.yaml",
    ),
    "load-balancer-controller": Profile(
        namespace="aws-load-balancer-controller",
        level="restricted",
        why="set podSecurityContext.seccompProfile.type, securityContext.capabilities.drop and resources",
        source="aws/eks-charts/tree/0c2ff46a727aa79edd420f222923ea3cda385cbe/stable/aws-load-balancer-controller",
        critical=True,
        allow=(*_to(443), *_from(9443)),
        pod_identity=True,
    ),
    "metrics-server": Profile(
        namespace="metrics-server",
        level="restricted",
        why="set a memory limit",
        source="kubernetes-sigs/metrics-server/tree/c947981e07ff660eb4ed83ef36a8cd45c9b579d6/charts/metrics-server",
        critical=True,
        allow=(*_to(443, 10250), *_from(10250)),
    ),
    "node-monitoring-agent": Profile(
        namespace="kube-system",
        level="privileged",
        why="watches the node's processes, logs and kernel",
        source="aws/eks-node-monitoring-agent/tree/eb65bd3f4d0330112801ece5ebee959662d93183/charts/eks-node-monitoring-agent",
    ),
    "secrets-store-csi-driver": Profile(
        namespace="secrets-store-csi-driver",
        level="privileged",
        why="mounts secrets through hostPath",
        source="kubernetes-sigs/secrets-store-csi-driver/tree/047684045f074f10dd5eff226852dc9064edcb05/charts/secrets-store-csi-driver",
        pod_identity=True,
    ),
}
"""Profiles by add-on. vpc-cni, kube-proxy, coredns and the Pod Identity agent come with EKS and run in kube-system."""
