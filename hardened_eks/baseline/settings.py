"""The settings of a cluster's baseline."""

from __future__ import annotations

from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
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
"""Users of the control plane, whose names access entries cannot use. AWS staff (eks:support-engineer) is not exempt.

Source: https://docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
"""


_OPTIONAL: Final = ("auto_mode", "fargate_logs", "karpenter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings from which the manifests of one cluster are rendered.

    Raises:
        ConfigurationError: a setting is invalid. The error lists all mistakes.
    """

    registries: Sequence[str] = ()
    """Registries from which images may come, with or without a path. Default: none, so that no image is trusted."""
    exec_group: str | Sequence[str] = "break-glass"
    """Kubernetes group, or groups, whose members may exec, attach and debug. Default: ``break-glass``."""
    admin_groups: Sequence[str] = ("break-glass",)
    """Kubernetes groups whose members may grant permissions that the policy ``rbac`` refuses, and write endpoints.
    Default: ``break-glass``."""
    system_namespaces: Sequence[str] = SYSTEM_NAMESPACES
    """Namespaces of Kubernetes and EKS, in which only the policy ``exec`` applies. Default: ``SYSTEM_NAMESPACES``."""
    privileged_namespaces: Sequence[str] = ()
    """Namespaces of trusted agents that need access to the node. Only ``exec`` applies there, and their level may be
    privileged. Default: none."""
    namespaces: Sequence[Namespace] = ()
    """Namespaces to render. Default: none."""
    mode: str = "deny"
    """Action on a violation: ``audit`` (annotate the audit log), ``warn`` (also warn the user) or ``deny``. Default:
    ``deny``."""
    exempt_users: Sequence[str] = EXEMPT_USERS
    """Users whose requests only the policy ``exec`` evaluates. Default: those of the control plane."""
    rbac_exceptions: Sequence[str] = ()
    """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` accepts. Default: none."""
    ranges: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """CIDR ranges by a name that namespaces may use in ``allow``, for example the subnets of the VPC endpoints.
    Default: none."""
    dns_addresses: Sequence[str] = ()
    """Addresses of the DNS service, for clusters in which DNS is not a pod (Auto Mode), for example 172.20.0.10.
    Default: none."""
    cluster_network_policy: bool = False
    """Whether a ClusterNetworkPolicy also denies the instance metadata service, for clusters that have this kind.
    Default: no."""
    config_rules: bool = False
    """Whether the function of `ClusterRules` may list namespaces, pods and network policies. Default: no."""
    node_local_dns: bool = False
    """Whether NodeLocal DNSCache runs on the nodes. Default: no."""
    addons: Sequence[str] = ()
    """Add-ons whose namespaces and exceptions are added (`hardened_eks.baseline.addons.PROFILES`). Default: none."""
    karpenter: Mapping[str, Any] | None = None
    """Nodes that Karpenter starts, as in a settings file: ``bottlerocket_version``, ``instance_profile``,
    ``volumes_key``, and ``cluster`` (whose tags find subnets and security groups) or ``subnets`` and
    ``security_groups``; ``pools``, ``disk_gib``, ``tags``. Default: none, no objects of Karpenter."""
    auto_mode: Mapping[str, Any] | None = None
    """Nodes of EKS Auto Mode, as in a settings file: ``role``, ``subnets``, ``security_group``, ``volumes_key``;
    ``pools``, ``disk_gib``, ``fips``. Default: none, no objects of Auto Mode."""
    fargate_logs: Mapping[str, str] | None = None
    """Destination of the log router of AWS Fargate: ``log_group``, which must exist, and ``region``. Default: none, no
    objects of the log router."""
    access_logs: str = ""
    """Name of the bucket for load balancers' access logs (`hardened_eks.AccessLogs`). It renders the default
    IngressClass, which is internal, over TLS, and logged: that of EKS Auto Mode if `auto_mode` is set, otherwise that
    of the AWS Load Balancer Controller. Both are rendered if `auto_mode` is set and `addons` has
    ``load-balancer-controller``. Default: none, no IngressClass."""
    mutual_tls: bool = False
    """Whether the rendered namespaces, except privileged ones, are in Istio's ambient mesh, which refuses plain traffic
    between their pods. Needs Istio (the add-ons ``istio``, ``istio-cni`` and ``istio-ztunnel``). Default: no."""
    storage_class: bool = False
    """Whether to render the default storage class, for encrypted gp3 volumes of the EBS CSI driver. Default: no."""
    storage_key: str = ""
    """ARN of the KMS key of these volumes. Default: the account's default key for EBS."""
    kube_bench: Mapping[str, Any] = field(default_factory=dict)
    """Settings of kube-bench: ``image``, a digest in your own registry, and optionally ``benchmark`` (``eks-1.8.0``,
    the CIS benchmark, or ``eks-stig-kubernetes-v1r6``), ``targets`` (``node``, ``policies``), ``schedule``, and
    ``api``, the ranges of the Kubernetes API, which ``policies`` needs. Default: none, no kube-bench."""

    def __post_init__(self) -> None:
        """Check the settings."""
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
        """The namespaces to render, including those of add-ons."""
        mine = {namespace.name for namespace in self.namespaces} | set(self.system_namespaces)
        found = {PROFILES[addon].namespace: _of_addon(addon) for addon in self.all_addons if addon in PROFILES}
        if self.kube_bench:
            found[kube_bench.NAME] = kube_bench.namespace(self.kube_bench)
        return (*self.namespaces, *(namespace for name, namespace in found.items() if name not in mine))

    @property
    def all_addons(self) -> tuple[str, ...]:
        """The add-ons, including those that other settings need, without duplicates."""
        return tuple(dict.fromkeys((*self.addons, *(mesh.ADDONS if self.mutual_tls else ()))))

    def in_mesh(self, namespace: Namespace) -> bool:
        """Return whether the pods of a namespace use mutual TLS with each other.

        Args:
            namespace: one of `all_namespaces`.
        """
        return self.mutual_tls and namespace.level != "privileged" and namespace in self.namespaces

    def named(self, level: str) -> tuple[str, ...]:
        """Return the namespaces whose name permits a Pod Security level.

        Args:
            level: ``restricted``, ``baseline`` or ``privileged``.
        """
        found = [namespace.name for namespace in self.all_namespaces if namespace.level == level]
        return tuple(sorted({*found, *(self.privileged_namespaces if level == "privileged" else ())}))

    @property
    def trusted_namespaces(self) -> tuple[str, ...]:
        """The namespaces of the system, of trusted agents and of add-ons."""
        addons = (PROFILES[addon].namespace for addon in self.all_addons)
        return tuple(sorted({*self.system_namespaces, *self.named("privileged"), *addons}))

    @property
    def critical_namespaces(self) -> tuple[str, ...]:
        """The namespaces of add-ons whose pods may have a system priority class."""
        return tuple(sorted({PROFILES[addon].namespace for addon in self.all_addons if PROFILES[addon].critical}))

    @property
    def exceptions(self) -> tuple[str, ...]:
        """The ClusterRoles and ClusterRoleBindings that the policy ``rbac`` accepts, including those of add-ons."""
        return tuple(sorted({*self.rbac_exceptions, *(name for a in self.all_addons for name in PROFILES[a].rbac)}))


@cache
def _of_addon(addon: str) -> Namespace:
    """Return the namespace of an add-on. Node agents set no resources, which a quota would require."""
    profile = PROFILES[addon]
    unbounded: dict[str, Any] = {"quota": {}, "limits": {}} if profile.level == "privileged" else {}
    return Namespace(
        name=profile.namespace,
        level=profile.level,
        allow=profile.allow,
        pod_identity=profile.pod_identity,
        **unbounded,
    )
