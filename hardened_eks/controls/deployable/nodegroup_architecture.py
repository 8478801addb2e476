from collections.abc import Iterator

from hardened_eks.controls.deployable._lookups import instance_types
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.instances import known


@control(
    id="DP-02",
    title="The AMI type of a node group fits the architecture of its instance types",
    types=("AWS::EKS::Nodegroup",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='EKS refuses the node group: "instance type is not supported for the AMI type".',
    fix=(
        "Use an ARM_64 AMI type for Graviton types, an x86_64 one for Intel and AMD types, and do not mix "
        "them in one group."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html",
    blind="Custom AMIs.",
)
def nodegroup_architecture(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    ami = resource.get("AmiType", "AL2_x86_64")
    wanted = "arm64" if "ARM_64" in str(ami).upper() else "x86_64"
    if not isinstance(ami, str) or ami == "CUSTOM":
        return
    for name, path in instance_types(resource, assembly):
        kind = known(name)
        if kind is not None and wanted not in kind.architectures:
            yield Problem(f"{name} is {'/'.join(kind.architectures)}, the AMI type {ami} is {wanted}", path)
