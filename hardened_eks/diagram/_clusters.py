"""Control planes, their add-ons, and the nodes of their pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.diagram._names import NOT_KNOWN, called, known, listed, name_of, named
from hardened_eks.diagram.facts import Cluster, Nodes
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.views.auto_scaling import cluster_name, cluster_of, is_nodes
from hardened_eks.evidence.views.fargate import FARGATE
from hardened_eks.evidence.views.launch import AUTO_SCALING, named_types
from hardened_eks.evidence.views.vpc import ADDON, CLUSTER, NODEGROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_TYPES: Final = 4
_ELSEWHERE: Final = ("control plane not in these templates",)


def clusters(assembly: Assembly) -> Iterator[Cluster]:
    """Yield every cluster, then those of which the templates contain only nodes or add-ons."""
    parts: dict[Resource | str, list[Resource]] = {cluster: [] for cluster in assembly.of(CLUSTER)}
    for type_ in (ADDON, NODEGROUP, AUTO_SCALING, FARGATE):
        for part in assembly.of(type_):
            for owner in _owners(part, assembly):
                parts.setdefault(owner, []).append(part)
    for owner, own in parts.items():
        addons = [part.get("AddonName") for part in own if part.type == ADDON]
        yield Cluster(
            name=owner if isinstance(owner, str) else called(owner, assembly),
            details=_ELSEWHERE if isinstance(owner, str) else tuple(_details(owner, assembly)),
            addons=tuple(sorted(map(known, addons))),
            nodes=tuple(_nodes(part, assembly) for part in own if part.type != ADDON),
        )


def _owners(part: Resource, assembly: Assembly) -> Iterator[Resource | str]:
    """Yield the cluster of a part, or its name if it is not in the templates."""
    if part.type != AUTO_SCALING:
        yield assembly.target(part.get("ClusterName"), CLUSTER, near=part) or known(part.get("ClusterName"))
    elif is_nodes(part, assembly):
        owner = cluster_of(part, assembly)
        owners = [owner] if owner else assembly.of(CLUSTER)
        yield from owners or (cluster_name(part) or NOT_KNOWN,)


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


def _nodes(part: Resource, assembly: Assembly) -> Nodes:
    name = name_of(part, assembly)
    if part.type == FARGATE:
        spaces = [item.get("Namespace") if isinstance(item, dict) else item for item in part.items("Selectors")]
        return Nodes(name, "Fargate", (f"namespaces {listed(spaces)}",))
    if part.type == NODEGROUP:
        scaling = (part.get("ScalingConfig.MinSize", 1), part.get("ScalingConfig.MaxSize", 2))
        types = [known(value) for value in part.items("InstanceTypes")]
        return Nodes(name, "managed nodes", _described(types, scaling, known(part.get("AmiType", ""))))
    types = [known(value) for value, _ in named_types(part)]
    return Nodes(name, "self-managed nodes", _described(types, (part.get("MinSize"), part.get("MaxSize")), ""))


def _described(types: list[str], scaling: tuple[Any, Any], image: str) -> tuple[str, ...]:
    several = list(dict.fromkeys(types))
    more = f" and {len(several) - _TYPES} more" if len(several) > _TYPES else ""
    lowest, highest = map(known, scaling)
    size = f"{lowest} to {highest} nodes"
    return tuple(filter(None, (", ".join(several[:_TYPES]) + more, size, image.replace("_", " "))))
