from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-02",
    title="Workers are managed node groups, Auto Mode or Fargate",
    requirement="eks.nodegroup.managed",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.LOW,
    why="Self-managed nodes are patched, drained and repaired by nobody but you.",
    fix="Use a managed node group.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html",
    blind="Groups without the kubernetes.io/cluster tag.",
    detective="The library makes managed node groups only; there is no construct with an Auto Scaling group.",
)
def managed_nodes(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    owner = next((t for t in _tags(group) if t.startswith("kubernetes.io/cluster/")), None)
    if owner is not None:
        yield Problem(f"self-managed nodes join {owner.rsplit('/', 1)[1]}", "Tags")


def _tags(group: Resource) -> Iterator[str]:
    for tag in group.items("Tags"):
        if isinstance(tag, dict):
            yield str(tag.get("Key"))
