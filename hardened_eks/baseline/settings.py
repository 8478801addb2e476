"""The settings of a cluster's baseline."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline import checking
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
    """Users whose requests only the policy ``exec`` judges: the control plane."""
    rbac_exceptions: Sequence[str] = ()
    """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` lets pass."""
    ranges: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Name -> CIDR ranges that namespaces may name in ``allow``, for example the subnets of the VPC endpoints."""
    dns_addresses: Sequence[str] = ()
    """Addresses of the DNS service, for clusters in which DNS is not a pod (Auto Mode), for example 172.20.0.10."""
    cluster_network_policy: bool = False
    """Close the instance metadata service by a ClusterNetworkPolicy too, for clusters that have it."""
    node_local_dns: bool = False
    """NodeLocal DNSCache runs on the nodes."""
    addons: Sequence[str] = ()
    """Add-ons whose namespaces and exceptions are added (`hardened_eks.baseline.addons.PROFILES`)."""

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
        data = {key: plain(getattr(self, key)) for key in checking.SETTINGS if key != "namespaces"}
        return {**data, "namespaces": [namespace.as_data() for namespace in self.namespaces]}

    @property
    def exec_groups(self) -> tuple[str, ...]:
        """The groups of `exec_group`."""
        return (self.exec_group,) if isinstance(self.exec_group, str) else tuple(self.exec_group)

    @property
    def all_namespaces(self) -> tuple[Namespace, ...]:
        """Namespaces to render, with those of the add-ons that are not among them."""
        mine = {namespace.name for namespace in self.namespaces} | set(self.system_namespaces)
        found = {PROFILES[addon].namespace: addon for addon in self.addons}
        return (*self.namespaces, *(_of_addon(addon) for name, addon in found.items() if name not in mine))

    def named(self, level: str) -> tuple[str, ...]:
        """Return the namespaces that may have a Pod Security level by their name."""
        found = [namespace.name for namespace in self.all_namespaces if namespace.level == level]
        return tuple(sorted({*found, *(self.privileged_namespaces if level == "privileged" else ())}))

    @property
    def trusted_namespaces(self) -> tuple[str, ...]:
        """Namespaces of the system, of trusted agents and of add-ons."""
        addons = (PROFILES[addon].namespace for addon in self.addons)
        return tuple(sorted({*self.system_namespaces, *self.named("privileged"), *addons}))

    @property
    def critical_namespaces(self) -> tuple[str, ...]:
        """Namespaces of add-ons whose pods may have a priority class of the system."""
        return tuple(sorted({PROFILES[addon].namespace for addon in self.addons if PROFILES[addon].critical}))

    @property
    def exceptions(self) -> tuple[str, ...]:
        """ClusterRoles and ClusterRoleBindings that the policy ``rbac`` lets pass, of the add-ons too."""
        return tuple(sorted({*self.rbac_exceptions, *(name for a in self.addons for name in PROFILES[a].rbac)}))


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
