"""A namespace that is closed until its settings open it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.baseline import checking, levels, mesh, network, roles
from hardened_eks.baseline.objects import plain, thing
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.baseline.settings import Settings

QUOTA: Final[Mapping[str, Any]] = {
    "limits.memory": "64Gi",
    "pods": "100",
    "requests.cpu": "16",
    "requests.memory": "32Gi",
    "requests.storage": "200Gi",
    "services.loadbalancers": "2",
}
LIMITS: Final[Mapping[str, Any]] = {"max": {"memory": "16Gi"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A namespace of one team, with its quota, access and connections.

    Source: https://docs.aws.amazon.com/eks/latest/best-practices/tenant-isolation.html

    Raises:
        ConfigurationError: a setting is invalid. The error lists all mistakes.
    """

    name: str
    """Name of the namespace, up to 63 lower-case letters, digits and ``-``."""
    team: str | None = None
    """The owner, which is a label and the prefix of the groups' names. Default: the name of the namespace."""
    level: str = "restricted"
    """Enforced Pod Security level: ``restricted``, ``baseline`` or ``privileged``. Default: ``restricted``."""
    quota: Mapping[str, Any] = field(default_factory=lambda: QUOTA)
    """Hard limits of the ResourceQuota; an empty mapping for no quota. Default: 100 pods, requests of 16 CPUs, 32 GiB
    of memory and 200 GiB of storage, memory limits of 64 GiB, and 2 load balancers."""
    limits: Mapping[str, Any] = field(default_factory=lambda: LIMITS)
    """``max`` and ``min`` of a container (LimitRange), or only its maximum; an empty mapping for no limits. A pod that
    states no limit or request gets the maximum as both. Default: at most 16 GiB of memory.
    Source: https://kubernetes.io/docs/tasks/administer-cluster/manage-resources/memory-constraint-namespace/"""
    allow: Sequence[Any] = ()
    """Allowed connections: ``same-namespace``, or mappings with ``ports`` and a peer in ``from`` or ``to``. A peer has
    a ``cidr`` (with ``except``), a ``range`` of the settings, ``domains`` (an ApplicationNetworkPolicy, which only
    nodes of Auto Mode enforce), or a ``namespace``, ``pods`` (labels), or both. ``pods`` next to the peer selects the
    pods of this namespace to which the entry applies. Default: only DNS."""
    pod_identity: bool = False
    """Whether pods may get AWS credentials from the Pod Identity agent, which a PodRole in the namespace needs.
    Default: no."""
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Kubernetes groups of access entries for ``viewer``, ``developer`` and ``operator``. Default: the team's name with
    ``-viewer``, ``-developer``, ``-operator``."""
    security_groups: Sequence[str] = ()
    """IDs of the pods' security groups (SecurityGroupPolicy; needs security groups for pods in the VPC CNI). Default:
    those of the node."""

    def __post_init__(self) -> None:
        """Check the settings."""
        problems = Problems(f"Namespace {self.name!r}")
        problems.extend(f"{'.'.join(map(str, path))} {what}" for path, what in checking.namespace((), self.as_data()))
        problems.raise_any()

    def as_data(self) -> dict[str, Any]:
        """Return the namespace as in a settings file."""
        data: dict[str, Any] = {}
        for key in checking.NAMESPACE:
            value = getattr(self, key)
            if value is not None:
                data[key] = plain(value)
        return data

    def render(self, settings: Settings) -> Iterator[dict[str, Any]]:
        """Yield the objects of the namespace.

        Args:
            settings: the settings of the baseline, which add policies to each namespace.

        Returns:
            Kubernetes objects as dictionaries.
        """
        meshed = settings.in_mesh(self)
        labels = {**levels.labels(self.level), **(mesh.LABELS if meshed else {})}
        yield self._object("v1", "Namespace", self.name, labels=labels)
        yield self._object("v1", "ServiceAccount", "default", automountServiceAccountToken=False)
        yield from self._access()
        if self.quota:
            hard = {key: str(value) for key, value in self.quota.items()}
            yield self._object("v1", "ResourceQuota", "quota", spec={"hard": hard})
        if self.limits:
            sides = self.limits if self.limits.keys() & {"max", "min"} else {"max": self.limits}
            bounds = {side: {key: str(v) for key, v in values.items()} for side, values in sides.items()}
            yield self._object("v1", "LimitRange", "limits", spec={"limits": [{"type": "Container", **bounds}]})
        for name, spec in network.policies(
            self.allow,
            pod_identity=self.pod_identity,
            dns_addresses=settings.dns_addresses,
            node_local_dns=settings.node_local_dns,
            ranges=settings.ranges,
        ):
            if network.by_domain(spec):
                yield self._object(network.EKS, "ApplicationNetworkPolicy", name, spec=spec)
            else:
                reached = mesh.with_tunnel(spec) if meshed and name != "allow-dns" else spec
                yield self._object("networking.k8s.io/v1", "NetworkPolicy", name, spec=reached)
        if meshed:
            yield self._object("networking.k8s.io/v1", "NetworkPolicy", "allow-mesh-probes", spec=mesh.probes())
        if self.security_groups:
            spec = {"podSelector": {}, "securityGroups": {"groupIds": list(self.security_groups)}}
            yield self._object("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", "pods", spec=spec)

    def _access(self) -> Iterator[dict[str, Any]]:
        for role, rules in roles.ROLES.items():
            yield self._object("rbac.authorization.k8s.io/v1", "Role", role, rules=[dict(rule) for rule in rules])
            groups = list(self.groups.get(role, [f"{self.team or self.name}-{role}"]))
            if groups:
                yield self._object("rbac.authorization.k8s.io/v1", "RoleBinding", role, **roles.binding(role, groups))

    def _object(
        self, api: str, kind: str, name: str, *, labels: Mapping[str, str] | None = None, **body: Any
    ) -> dict[str, Any]:
        namespace = None if kind == "Namespace" else self.name
        owner = {"hardened-eks/team": self.team or self.name}
        return thing(api, kind, name, namespace=namespace, labels={**owner, **(labels or {})}, **body)
