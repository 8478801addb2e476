from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-13",
    title="Nodes run a current image that AWS builds for containers",
    requirement="node.os.container_optimized",
    types=("AWS::EKS::Nodegroup",),
    severity=Severity.MEDIUM,
    why="AL2 images ended in November 2025; Windows and custom images are yours to harden and patch.",
    fix="Use a BOTTLEROCKET or AL2023 AMI type.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/eks-optimized-amis.html",
    blind="A node group without AmiType gets what EKS chooses for the version (AL2023 today); custom images.",
)
def container_os(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    ami = group.get("AmiType", "AL2_x86_64")  # EKS derives it; AL2 in old versions
    if not str(ami).startswith(("BOTTLEROCKET_", "AL2023_")):
        yield Problem(f"the AMI type is {ami}", "AmiType")
