from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import AUTO_SCALING, INSTANCE, entries


@control(
    id="ND-02",
    title="Workers are managed node groups, Auto Mode or Fargate",
    requirement="eks.nodegroup.managed",
    types=(AUTO_SCALING, INSTANCE),
    needs="resource",
    severity=Severity.LOW,
    why="Self-managed nodes are patched, drained and repaired by nobody but you.",
    fix="Use a managed node group.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html",
    blind="Groups and instances without the kubernetes.io/cluster tag, and tags that are not known before deployment.",
    detective="The library makes managed node groups only; there is no construct with an Auto Scaling group.",
)
def managed_nodes(node: Resource, assembly: Assembly) -> Iterator[Problem]:
    owner = next((t for t in _tags(node) if t.startswith("kubernetes.io/cluster/")), None)
    if owner is not None:
        yield Problem(f"self-managed nodes join {owner.rsplit('/', 1)[1]}", "Tags")


def _tags(node: Resource) -> Iterator[str]:
    for _, tag in entries(node, "Tags"):
        if isinstance(tag, dict):
            yield str(tag.get("Key"))
