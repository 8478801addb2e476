from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._launch import named_types, names_elsewhere
from hardened_eks.data.instances import by_family, lookup


@control(
    id="ND-12",
    title="Instance types encrypt traffic between instances",
    requirement="node.nitro_transit_encryption",
    types=("AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    severity=Severity.MEDIUM,
    why="Pod-to-pod traffic crosses the wire as the pods wrote it unless the hardware encrypts it.",
    fix="Use a type with encryption in transit, for example m7g.large or m7i.large.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html#encryption-transit",
    blind="Families newer than the data file count as not on record.",
)
def nitro_transit_encryption(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    named = list(named_types(resource))
    if not named and resource.type == "AWS::EKS::Nodegroup" and not names_elsewhere(resource, assembly):
        yield Problem("no instance type is named, EKS then takes t3.medium", "InstanceTypes")
    for name, path in named:
        if not isinstance(name, str):
            yield Problem("the instance type is not known before deployment", path)
            continue
        kind = lookup(name) or by_family(name)
        if kind is None or not kind.encryption_in_transit:
            yield Problem(
                f"{name} {'is not on record' if kind is None else 'does not encrypt traffic between instances'}", path
            )
