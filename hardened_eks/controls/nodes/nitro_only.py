from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls._unseen import types_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    INSTANCE,
    NODEGROUP,
    TEMPLATE,
    unsuitable,
)


@control(
    id="ND-11",
    title="Nodes run on the Nitro System",
    requirement="node.nitro_only",
    types=(NODEGROUP, TEMPLATE, INSTANCE, CONFIGURATION, AUTO_SCALING),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "On Xen, the hypervisor has an operator shell and a large attack surface. Nitro has no operator access and a "
        "small attack surface."
    ),
    fix="Use an instance type of the Nitro System, for example m7g.large or m7i.large.",
    source="https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html",
    blind=(
        "Instance families that are newer than the data file count as unknown. For InstanceRequirements, only "
        "AllowedInstanceTypes is evaluated."
    ),
    enforced_by="NodeGroup",
)
def nitro_only(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from types_not_seen(resource, assembly)
    yield from starmap(Problem, unsuitable(resource, lambda kind: kind.nitro, "runs on Xen"))
