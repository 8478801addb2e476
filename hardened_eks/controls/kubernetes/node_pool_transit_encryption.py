from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import NODE_POOL, REQUIREMENTS, admitted
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_SHOWN = 4


@control(
    id="KB-28",
    title="Karpenter launches only nodes that encrypt traffic between instances",
    requirement="node.nitro_transit_encryption",
    types=(NODE_POOL,),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Traffic between pods crosses the network exactly as the pods send it, unless the hardware encrypts it.",
    fix=(
        "Add the requirement {key: karpenter.k8s.aws/instance-encryption-in-transit-supported, operator: In, "
        'values: ["true"]}.'
    ),
    source="https://karpenter.sh/docs/concepts/scheduling/#well-known-labels",
    blind=(
        "Instance families that are newer than the data file count as unsuitable. Only requirements on instance "
        "families and types are evaluated."
    ),
    enforced_by="Karpenter",
)
def node_pool_transit_encryption(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    found = admitted(
        resource, "instance-encryption-in-transit-supported", "true", lambda kind: kind.encryption_in_transit
    )
    if found:
        more = ", ..." if len(found) > _SHOWN else ""
        yield Problem(
            f"it allows {', '.join(found[:_SHOWN])}{more}, which do not encrypt traffic between instances",
            REQUIREMENTS,
        )
