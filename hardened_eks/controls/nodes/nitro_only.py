from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._launch import named_types
from hardened_eks.data.instances import by_family, lookup


@control(
    id="ND-11",
    title="Nodes run on the Nitro system",
    requirement="node.nitro_only",
    types=("AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    severity=Severity.MEDIUM,
    why=(
        "On Xen the hypervisor has an operator shell and a wide attack surface; Nitro has neither, and no "
        "operator access."
    ),
    fix="Use a type of the Nitro system, for example m7g.large or m7i.large.",
    source="https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html",
    blind="Families newer than the data file count as not on record.",
)
def nitro_only(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name, path in named_types(resource):
        if not isinstance(name, str):
            yield Problem("the instance type is not known before deployment", path)
            continue
        kind = lookup(name) or by_family(name)
        if kind is None or not kind.nitro:
            yield Problem(f"{name} {'is not on record' if kind is None else 'runs on Xen'}", path)
