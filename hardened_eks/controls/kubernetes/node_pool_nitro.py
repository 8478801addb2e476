from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import NODE_POOL, REQUIREMENTS, admitted
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_SHOWN = 4


@control(
    id="KB-27",
    title="Karpenter launches only nodes of the Nitro System",
    requirement="node.nitro_only",
    types=(NODE_POOL,),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "On Xen, the hypervisor has an operator shell and a large attack surface. Nitro has no operator access and a "
        "small attack surface."
    ),
    fix="Add the requirement {key: karpenter.k8s.aws/instance-hypervisor, operator: In, values: [nitro]}.",
    source="https://karpenter.sh/docs/concepts/scheduling/#well-known-labels",
    blind=(
        "Instance families that are newer than the data file count as unsuitable. Only requirements on instance "
        "families and types are evaluated."
    ),
    enforced_by="Karpenter",
)
def node_pool_nitro(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    found = admitted(resource, "instance-hypervisor", "nitro", lambda kind: kind.nitro)
    if found:
        more = ", ..." if len(found) > _SHOWN else ""
        yield Problem(f"it allows {', '.join(found[:_SHOWN])}{more}, which run on Xen", REQUIREMENTS)
