from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    INSTANCE,
    NODEGROUP,
    TEMPLATE,
    unseen_settings,
    unsuitable,
)


@control(
    id="ND-11",
    title="Nodes run on the Nitro system",
    requirement="node.nitro_only",
    types=(NODEGROUP, TEMPLATE, INSTANCE, CONFIGURATION, AUTO_SCALING),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "On Xen the hypervisor has an operator shell and a wide attack surface; Nitro has neither, and no "
        "operator access."
    ),
    fix="Use a type of the Nitro system, for example m7g.large or m7i.large.",
    source="https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html",
    blind=(
        "Families newer than the data file count as not on record. InstanceRequirements are judged by "
        "AllowedInstanceTypes alone."
    ),
    enforced_by="NodeGroup",
)
def nitro_only(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == NODEGROUP and resource.get("InstanceTypes") is None:
        yield from (Problem(*hidden, unseen=True) for hidden in unseen_settings(resource, assembly, "InstanceType"))
    yield from starmap(Problem, unsuitable(resource, lambda kind: kind.nitro, "runs on Xen"))
