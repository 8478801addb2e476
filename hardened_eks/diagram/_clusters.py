"""Control planes, their add-ons, and the nodes of their pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.diagram._names import known, listed, name_of, named
from hardened_eks.diagram.facts import Cluster, Nodes
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.views.auto_scaling import cluster_of, is_nodes
from hardened_eks.evidence.views.fargate import FARGATE
from hardened_eks.evidence.views.launch import AUTO_SCALING, named_types
from hardened_eks.evidence.views.vpc import ADDON, CLUSTER, NODEGROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_TYPES: Final = 4


def clusters(assembly: Assembly) -> Iterator[Cluster]:
    """Yield every cluster."""
    for cluster in assembly.of(CLUSTER):
        addons = [one for one in assembly.of(ADDON) if _of(one, cluster, assembly)]
        yield Cluster(
            name=known(cluster.get("Name", name_of(cluster))),
            details=tuple(_details(cluster, assembly)),
            addons=tuple(sorted(known(addon.get("AddonName")) for addon in addons)),
            nodes=tuple(_nodes(cluster, assembly)),
        )


def _details(cluster: Resource, assembly: Assembly) -> Iterator[str]:
    yield f"Kubernetes {known(cluster.get('Version', 'of the default version'))}"
    yield _endpoint(cluster)
    types = [
        item.get("Type") if isinstance(item, dict) else item
        for item in cluster.items("Logging.ClusterLogging.EnabledTypes")
    ]
    yield f"logs: {listed(types)}" if types else "no logs"
    key = cluster.get("EncryptionConfig.0.Provider.KeyArn")
    yield f"secrets: {named(key, cluster, assembly)}" if key is not None else "secrets: no key of your own"
    yield {True: "protected from deletion", False: "not protected from deletion"}.get(
        cluster.flag("DeletionProtection", default=False), "deletion protection not known"
    )
    if cluster.flag("ComputeConfig.Enabled", default=False) is True:
        yield "Auto Mode"


def _endpoint(cluster: Resource) -> str:
    public = cluster.flag("ResourcesVpcConfig.EndpointPublicAccess", default=True)
    private = cluster.flag("ResourcesVpcConfig.EndpointPrivateAccess", default=False)
    if isinstance(public, Unknown) or isinstance(private, Unknown):
        return "endpoint: not known"
    if not public:
        return "private endpoint" if private else "no endpoint"
    ranges = cluster.items("ResourcesVpcConfig.PublicAccessCidrs") or ["0.0.0.0/0"]
    return f"public endpoint for {listed(ranges)}{', private endpoint' if private else ''}"


def _of(resource: Resource, cluster: Resource, assembly: Assembly) -> bool:
    return assembly.target(resource.get("ClusterName"), CLUSTER, near=resource) is cluster


def _nodes(cluster: Resource, assembly: Assembly) -> Iterator[Nodes]:
    for group in assembly.of(NODEGROUP):
        if _of(group, cluster, assembly):
            scaling = (group.get("ScalingConfig.MinSize", 1), group.get("ScalingConfig.MaxSize", 2))
            types = [known(value) for value in group.items("InstanceTypes")]
            yield Nodes(name_of(group), "managed nodes", _described(types, scaling, known(group.get("AmiType", ""))))
    for group in assembly.of(AUTO_SCALING):
        if is_nodes(group, assembly) and cluster_of(group, assembly) in {cluster, None}:
            types = [known(value) for value, _ in named_types(group)]
            scaling = (group.get("MinSize"), group.get("MaxSize"))
            yield Nodes(name_of(group), "self-managed nodes", _described(types, scaling, ""))
    for profile in assembly.of(FARGATE):
        if _of(profile, cluster, assembly):
            spaces = [item.get("Namespace") if isinstance(item, dict) else item for item in profile.items("Selectors")]
            yield Nodes(name_of(profile), "Fargate", (f"namespaces {listed(spaces)}",))


def _described(types: list[str], scaling: tuple[Any, Any], image: str) -> tuple[str, ...]:
    several = list(dict.fromkeys(types))
    more = f" and {len(several) - _TYPES} more" if len(several) > _TYPES else ""
    lowest, highest = map(known, scaling)
    size = f"{lowest} to {highest} nodes"
    return tuple(filter(None, (", ".join(several[:_TYPES]) + more, size, image.replace("_", " "))))
