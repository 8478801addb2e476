from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import branches


@control(
    id="ND-13",
    title="Nodes run a current image that AWS builds for containers",
    requirement="node.os.container_optimized",
    types=("AWS::EKS::Nodegroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    why="AL2 images ended in November 2025; Windows and custom images are yours to harden and patch.",
    fix="Use a BOTTLEROCKET or AL2023 AMI type.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/eks-optimized-amis.html",
    blind=(
        "A node group without AmiType fails, though EKS takes AL2023 for versions in support; so do custom images, "
        "however well they are built."
    ),
    enforced_by="NodeGroup",
)
def container_os(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    for ami in branches(group.get("AmiType")):
        if ami is None:
            yield Problem("the AMI type is not set: EKS, or an ImageId of the launch template, decides", "AmiType")
        elif not str(ami).startswith(("BOTTLEROCKET_", "AL2023_")):
            yield Problem(f"the AMI type is {ami}", "AmiType")
