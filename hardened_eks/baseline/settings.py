"""The settings of a cluster's baseline."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline import checking, kube_bench, mesh
from hardened_eks.baseline.addons import PROFILES
from hardened_eks.baseline.levels import SYSTEM_NAMESPACES
from hardened_eks.baseline.namespaces import Namespace
from hardened_eks.baseline.objects import plain
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXEMPT_USERS: Final = (
    "eks:addon-manager",
    "eks:authenticator",
    "eks:az-poller",
    "eks:certificate-controller",
    "eks:cloud-controller-manager",
    "eks:cluster-bootstrap",
    "eks:cluster-event-watcher",
    "eks:coredns-autoscaler",
    "eks:fargate-manager",
    "eks:fargate-scheduler",
    "eks:k8s-metrics",
    "eks:kms-storage-migrator",
    "eks:network-policy-controller",
    "eks:node-manager",
    "eks:nodewatcher",
    "eks:pod-identity-mutating-webhook",
    "eks:service-operations",
    "eks:tagging-controller",
    "eks:vpc-resource-controller",
    "system:apiserver",
    "system:serviceaccount:kube-system:clusterrole-aggregation-controller",
)
"""Users of the control plane, whose names access entries cannot take. AWS staff (eks:support-engineer) is not exempt.

Source: https://docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
"""


_OPTIONAL: Final = ("auto_mode", "fargate_logs", "karpenter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the manifests of one cluster are rendered from."""

    registries: Sequence[str] = ()
    """Registries, or registries with a path, that images may come from. Default: none, so that no image is trusted."""
    exec_group: str | Sequence[str] = "break-glass"
    """Kubernetes group, or groups, whose members may exec, attach and debug."""
    admin_groups: Sequence[str] = ("break-glass",)
    """Kubernetes groups whose members may grant what the policy ``rbac`` refuses, and write endpoints."""
    system_namespaces: Sequence[str] = SYSTEM_NAMESPACES
    """Namespaces of Kubernetes and EKS. Only the policy ``exec`` applies there."""
    privileged_namespaces: Sequence[str] = ()
    """Namespaces of trusted agents that need the node. Only ``exec`` applies there; their level may be privileged."""
    namespaces: Sequence[Namespace] = ()
    """Namespaces to render."""
    mode: str = "deny"
    """``audit`` (annotate the audit log), ``warn`` (the user too), or ``deny``."""
    exempt_users: Sequence[str] = EXEMPT_USERS
    """Users whose requests only the policy ``exec`` evaluates: the control plane."""
    rbac_exceptions: Sequence[str] = ()
    """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` lets pass."""
    ranges: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Name -> CIDR ranges that namespaces may name in ``allow``, for example the subnets of the VPC endpoints."""
    dns_addresses: Sequence[str] = ()
    """Addresses of the DNS service, for clusters in which DNS is not a pod (Auto Mode), for example 172.20.0.10."""
    cluster_network_policy: bool = False
    """Close the instance metadata service by a ClusterNetworkPolicy too, for clusters that have it."""
    config_rules: bool = False
    """Let the function of `ClusterRules` list namespaces, pods and network policies."""
    node_local_dns: bool = False
    """NodeLocal DNSCache runs on the nodes."""
    addons: Sequence[str] = ()
    """Add-ons whose namespaces and exceptions are added (`hardened_eks.baseline.addons.PROFILES`)."""

    karpenter: Mapping[str, Any] | None = None
    """Nodes that Karpenter starts, as in a settings file: ``bottlerocket_version``, ``instance_profile``,
    ``volumes_key``, and ``cluster`` (whose tags find subnets and security groups) or ``subnets`` and
    ``security_groups``; ``pools``, ``disk_gib``, ``tags``. Default: no such objects."""
    auto_mode: Mapping[str, Any] | None = None
    """Nodes of EKS Auto Mode, as in a settings file: ``role``, ``subnets``, ``security_group``, ``volumes_key``;
    ``pools``, ``disk_gib``, ``fips``. Default: no such objects."""
    fargate_logs: Mapping[str, str] | None = None
    """Where the log router of AWS Fargate writes to: ``log_group``, which exists, and ``region``. Default: no such
    objects."""
    access_logs: str = ""
    """Name of the bucket of load balancers' access logs (`hardened_eks.AccessLogs`): renders the IngressClass that
    Ingresses get by default, which is internal, over TLS, and logged. Needs the AWS Load Balancer Controller."""
    mutual_tls: bool = False
    """Put the namespaces that are rendered, but for privileged ones, into Istio's ambient mesh, and refuse plain
    traffic between their pods. Needs Istio (the add-ons ``istio``, ``istio-cni`` and ``istio-ztunnel``)."""
    storage_class: bool = False
    """Render the default storage class, for encrypted gp3 volumes of the EBS CSI driver."""
    storage_key: str = ""
    """ARN of the KMS key of its volumes. Default: the account's default key for EBS."""
    kube_bench: Mapping[str, Any] = field(default_factory=dict)
    """``image``, a digest of kube-bench in a registry of yours, and as wanted ``benchmark`` (``eks-1.8.0``, the CIS
    benchmark, or ``eks-stig-kubernetes-v1r6``), ``targets`` (``node``, ``policies``), ``schedule``, and ``api``, the
    ranges of the Kubernetes API, which ``policies`` needs. Default: empty, and no kube-bench."""

    def __post_init__(self) -> None:
        """Refuse what cannot become manifests.

        Raises:
            ConfigurationError: with every mistake.
        """
        problems = Problems("Settings")
        problems.extend(
            f"namespaces[{index}] needs a Namespace, got {item!r}"
            for index, item in enumerate(self.namespaces)
            if not isinstance(item, Namespace)
        )
        if not problems.found:
            problems.extend(f"{'.'.join(map(str, path))} {what}" for path, what in checking.settings(self.as_data()))
        problems.raise_any()

    def as_data(self) -> dict[str, Any]:
        """Return the settings as in a settings file."""
        values = {key: getattr(self, key) for key in checking.SETTINGS if key != "namespaces"}
        data = {key: plain(value) for key, value in values.items() if value is not None or key not in _OPTIONAL}
        return {**data, "namespaces": [namespace.as_data() for namespace in self.namespaces]}

    @property
    def exec_groups(self) -> tuple[str, ...]:
        """The groups of `exec_group`."""
        return (self.exec_group,) if isinstance(self.exec_group, str) else tuple(self.exec_group)

    @property
    def all_namespaces(self) -> tuple[Namespace, ...]:
        """Namespaces to render, with those of the add-ons that are not among them."""
        mine = {namespace.name for namespace in self.namespaces} | set(self.system_namespaces)
        found = {PROFILES[addon].namespace: _of_addon(addon) for addon in self.all_addons if addon in PROFILES}
        if self.kube_bench:
            found[kube_bench.NAME] = kube_bench.namespace(self.kube_bench)
        return (*self.namespaces, *(namespace for name, namespace in found.items() if name not in mine))

    @property
    def all_addons(self) -> tuple[str, ...]:
        """The add-ons, and those that other settings need, each once."""
        return tuple(dict.fromkeys((*self.addons, *(mesh.ADDONS if self.mutual_tls else ()))))

    def in_mesh(self, namespace: Namespace) -> bool:
        """Return whether the pods of a namespace talk to each other by mutual TLS."""
        return self.mutual_tls and namespace.level != "privileged" and namespace in self.namespaces

    def named(self, level: str) -> tuple[str, ...]:
        """Return the namespaces that may have a Pod Security level by their name."""
        found = [namespace.name for namespace in self.all_namespaces if namespace.level == level]
        return tuple(sorted({*found, *(self.privileged_namespaces if level == "privileged" else ())}))

    @property
    def trusted_namespaces(self) -> tuple[str, ...]:
        """Namespaces of the system, of trusted agents and of add-ons."""
        addons = (PROFILES[addon].namespace for addon in self.all_addons)
        return tuple(sorted({*self.system_namespaces, *self.named("privileged"), *addons}))

    @property
    def critical_namespaces(self) -> tuple[str, ...]:
        """Namespaces of add-ons whose pods may have a priority class of the system."""
        return tuple(sorted({PROFILES[addon].namespace for addon in self.all_addons if PROFILES[addon].critical}))

    @property
    def exceptions(self) -> tuple[str, ...]:
        """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` lets pass, of the add-ons too."""
        return tuple(sorted({*self.rbac_exceptions, *(name for a in self.all_addons for name in PROFILES[a].rbac)}))


@cache
def _of_addon(addon: str) -> Namespace:
    """Return the namespace of an add-on. Agents of the node state no resources, which a quota would demand."""
    profile = PROFILES[addon]
    unbounded: dict[str, Any] = {"quota": {}, "limits": {}} if profile.level == "privileged" else {}
    return Namespace(
        name=profile.namespace,
        level=profile.level,
        allow=profile.allow,
        pod_identity=profile.pod_identity,
        **unbounded,
    )
