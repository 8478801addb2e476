from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import cluster_name, drained
from hardened_eks.evidence.views.launch import AUTO_SCALING, INSTANCE
from hardened_eks.evidence.worst import as_far_as_known

_LONGEST_DAYS: Final = 30
_DECIDING: Final = ("MaxInstanceLifetime", "InstanceMaintenancePolicy", "LifecycleHookSpecificationList")
_DAY: Final = 86_400


@control(
    id="ND-02",
    title="Nodes are managed, or are self-managed nodes that are replaced and drained automatically",
    requirement="eks.nodegroup.managed",
    types=(AUTO_SCALING, INSTANCE),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "EKS patches, drains and repairs managed nodes. Self-managed nodes are not patched, and their pods are cut "
        "off when the node terminates, unless the group limits their lifetime and a program drains them."
    ),
    fix=(
        "Use a managed node group, Auto Mode or Fargate. For self-managed nodes, use SelfManagedNodeGroup, or set a "
        "MaxInstanceLifetime of 30 days or less, an InstanceMaintenancePolicy, and a termination hook whose event "
        "reaches a program that can complete it."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html",
    blind=(
        "Groups and instances without the kubernetes.io/cluster tag, and tags that are not known before deployment. "
        "Whether the program that drains nodes runs in the cluster."
    ),
    enforced_by="SelfManagedNodeGroup",
)
def managed_nodes(node: Resource, assembly: Assembly) -> Iterator[Problem]:
    owner = cluster_name(node)
    if owner is None:
        return
    if node.type == INSTANCE:
        yield Problem(f"a standalone instance joins {owner}, and nothing replaces it", "Tags")
        return
    lacks = list(_lacks(node, assembly))
    if lacks:
        message = f"self-managed nodes join {owner} without {', '.join(lacks)}"
        yield Problem(as_far_as_known(message, *(node.get(path) for path in _DECIDING)), "Tags")


def _lacks(group: Resource, assembly: Assembly) -> Iterator[str]:
    lifetime = group.number("MaxInstanceLifetime", 0)
    if not isinstance(lifetime, int | float) or not 0 < lifetime <= _LONGEST_DAYS * _DAY:
        yield f"a MaxInstanceLifetime of {_LONGEST_DAYS} days or less"
    if not group.get("InstanceMaintenancePolicy"):
        yield "an InstanceMaintenancePolicy"
    if not drained(group, assembly):
        yield "a termination hook that something in the templates receives and may complete"
