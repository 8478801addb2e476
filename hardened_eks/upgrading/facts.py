"""Facts about clusters to upgrade, and the API versions that objects use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown, objects
from hardened_eks.evidence.views.fargate import FARGATE
from hardened_eks.evidence.views.launch import AUTO_SCALING
from hardened_eks.evidence.views.vpc import ADDON, CLUSTER, NODEGROUP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.evidence import Assembly, Resource

UNKNOWN: Final = "unknown"
"""A placeholder for a version that is known only at deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGroup:
    """A managed node group."""

    name: str
    version: str | None
    """The Kubernetes version; None: the version with which it was created."""
    image_type: str | None = None
    """The AMI type, for example ``AL2_x86_64``; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """One upgrade insight of EKS."""

    name: str
    version: str | None
    """The Kubernetes version of the insight."""
    status: str
    """``PASSING``, ``WARNING``, ``ERROR`` or ``UNKNOWN``."""
    reason: str
    recommendation: str = ""
    details: tuple[str, ...] = ()
    """The deprecated APIs in use, with their replacements and callers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster."""

    name: str
    version: str | None
    """The Kubernetes version; `UNKNOWN`: known only at deployment; None: the default of EKS."""
    groups: tuple[NodeGroup, ...] = ()
    addons: Mapping[str, str | None]
    """Add-on -> its version; None: the version with which it was created."""
    other_compute: tuple[str, ...] = ()
    """Other compute for pods: Auto Scaling groups, Fargate profiles, Auto Mode."""
    insights: tuple[Insight, ...] | None = None
    """The upgrade insights; None: not read."""
    place: str = ""
    """The file and line; for a running cluster, the account and Region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedApi:
    """An object and its API version."""

    api_version: str
    kind: str
    name: str
    file: str
    line: int | None

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Estate:
    """All facts for the plans."""

    clusters: tuple[Cluster, ...]
    apis: tuple[UsedApi, ...]
    unread: int = 0
    """The number of manifests in templates whose content is known only at deployment."""


def gather(assembly: Assembly) -> Estate:
    """Read clusters and objects from templates and manifests."""
    return Estate(
        tuple(_cluster(one, assembly) for one in assembly.of(CLUSTER)),
        tuple(_apis(assembly)),
        sum(len(template.unread) for template in assembly.templates),
    )


def _cluster(cluster: Resource, assembly: Assembly) -> Cluster:
    def of(type_: str) -> list[Resource]:
        alone = len(assembly.of(CLUSTER)) == 1
        return [
            one
            for one in assembly.of(type_)
            if alone or assembly.target(one.get("ClusterName"), CLUSTER, near=one) is cluster
        ]

    other = [f"Fargate profile {_name(one)}" for one in of(FARGATE)]
    if len(assembly.of(CLUSTER)) == 1:
        other += [f"Auto Scaling group {_name(one)}" for one in assembly.of(AUTO_SCALING)]
    if cluster.flag("ComputeConfig.Enabled", default=False) is True:
        other.append("Auto Mode")
    line = cluster.line("Version")
    return Cluster(
        name=_plain(cluster.get("Name")) or _name(cluster),
        version=_version(cluster.get("Version")),
        groups=tuple(
            NodeGroup(
                name=_plain(one.get("NodegroupName")) or _name(one),
                version=_version(one.get("Version")),
                image_type=_plain(one.get("AmiType")),
            )
            for one in of(NODEGROUP)
        ),
        addons={
            str(_plain(one.get("AddonName")) or _name(one)): _version(one.get("AddonVersion")) for one in of(ADDON)
        },
        other_compute=tuple(other),
        place=f"{cluster.template.path}:{line}" if line else cluster.template.path,
    )


def _apis(assembly: Assembly) -> Iterator[UsedApi]:
    for type_ in sorted(assembly.types):
        if not type_.startswith(objects.PREFIX):
            continue
        for one in assembly.of(type_):
            body = one.body.get("Properties", {})
            yield UsedApi(
                api_version=str(body.get("apiVersion")),
                kind=str(body.get("kind")),
                name=objects.name_of(body).partition("/")[2] or one.logical_id,
                file=one.template.path or one.template.name,
                line=one.line("apiVersion"),
            )


def _name(resource: Resource) -> str:
    return resource.logical_id


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _version(value: Any) -> str | None:
    if value is None:
        return None
    return UNKNOWN if isinstance(value, Unknown) else str(value)
