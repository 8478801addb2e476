from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_GROUP = "eks.amazonaws.com"
_REQUIREMENTS = "spec.template.spec.requirements"
_NEEDED = {
    f"{_GROUP}/instance-hypervisor": ("nitro", "types on Xen"),
    f"{_GROUP}/instance-encryption-in-transit-supported": ("true", "types that send in plain text to each other"),
}
"""Label -> the one value that it may have, and what there is otherwise."""


@control(
    id="KB-33",
    title="Node pools of Auto Mode ask for Nitro and encryption in transit",
    requirement=("node.nitro_only", "node.nitro_transit_encryption"),
    types=("Kubernetes::karpenter.sh::NodePool",),
    needs="resource",
    severity=Severity.HIGH,
    why="Auto Mode starts m4 and t3 as well: on Xen AWS's staff could reach memory, and others send in plain text.",
    fix=(
        "Add two requirements with the operator In: eks.amazonaws.com/instance-hypervisor [nitro] and "
        'eks.amazonaws.com/instance-encryption-in-transit-supported ["true"].'
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html",
    blind="Pools that get the same by a list of families or types: waive with that list.",
    detective="Cluster(auto_mode=...) has such objects in an output of its stack, which is applied by somebody.",
)
def auto_mode_nitro(resource: Resource, _: Assembly) -> Iterator[Problem]:
    group = resource.get("spec.template.spec.nodeClassRef.group")
    if group != _GROUP and not isinstance(group, Unknown):
        return  # of Karpenter's own node classes, whose labels are others
    stated = [item for _, item in resource.each(_REQUIREMENTS) if isinstance(item, dict)]
    for key, (value, otherwise) in _NEEDED.items():
        if not any(_asks(item, key, value) for item in stated):
            yield Problem(f"no requirement {key} In [{value}], so that there may be {otherwise}", _REQUIREMENTS)


def _asks(item: dict[str, object], key: str, value: str) -> bool:
    return item.get("key") == key and item.get("operator") == "In" and item.get("values") == [value]
