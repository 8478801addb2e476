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
    named_types,
    unsuitable,
)
from hardened_eks.evidence.views.launch_source import names_elsewhere


@control(
    id="ND-12",
    title="Instance types encrypt traffic between instances",
    requirement="node.nitro_transit_encryption",
    types=(NODEGROUP, TEMPLATE, INSTANCE, CONFIGURATION, AUTO_SCALING),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="Traffic between pods crosses the network exactly as the pods send it, unless the hardware encrypts it.",
    fix="Use an instance type with encryption in transit, for example m7g.large or m7i.large.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html#encryption-transit",
    blind=(
        "Instance families that are newer than the data file count as unknown. For InstanceRequirements, only "
        "AllowedInstanceTypes is evaluated."
    ),
    enforced_by="NodeGroup",
)
def nitro_transit_encryption(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if (
        resource.type == NODEGROUP
        and next(named_types(resource), None) is None
        and not names_elsewhere(resource, assembly)
    ):
        yield Problem("no instance type is set, so EKS uses t3.medium", "InstanceTypes")
    yield from types_not_seen(resource, assembly)
    lack = "does not encrypt traffic between instances"
    yield from starmap(Problem, unsuitable(resource, lambda kind: kind.encryption_in_transit, lack))
