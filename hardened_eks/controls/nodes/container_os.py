from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.auto_scaling import is_nodes, node_images
from hardened_eks.evidence.views.launch import AUTO_SCALING
from hardened_eks.evidence.views.launch_source import launch_template
from hardened_eks.evidence.worst import at_worst

_SPECIFIED: Final = "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"


@control(
    id="ND-13",
    title="Nodes run a current image that AWS builds for containers",
    requirement="node.os.container_optimized",
    types=("AWS::EKS::Nodegroup", AUTO_SCALING),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "AL2 images reached end of support in November 2025. You must harden and patch Windows and custom images "
        "yourself."
    ),
    fix="Use a BOTTLEROCKET or AL2023 AMI type. For self-managed nodes, use the SSM parameter of such an image.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/eks-optimized-amis.html",
    blind=(
        "A node group without AmiType fails, although EKS uses AL2023 for versions in support. Custom images fail "
        "however well they are built. Auto Scaling groups that have neither a cluster tag nor such a parameter are "
        "not evaluated."
    ),
    enforced_by="NodeGroup",
)
def container_os(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.type == AUTO_SCALING:
        yield from _of_self_managed(group, assembly)
        return
    for ami in branches(group.get("AmiType")):
        if ami is None:
            yield Problem("the AMI type is not set, so EKS or an ImageId of the launch template decides", "AmiType")
        elif not str(ami).startswith(("BOTTLEROCKET_", "AL2023_")):
            yield Problem(f"the AMI type is {ami}", "AmiType")


def _of_self_managed(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not is_nodes(group, assembly):
        return
    template = launch_template(group, assembly)
    if template is None:
        yield Problem("the launch template of the nodes is not among the templates", _SPECIFIED, unseen=True)
        return
    images, where = node_images(template), f"the launch template {template.logical_id}"
    if not images:
        written = template.get("LaunchTemplateData.ImageId")
        what = (
            "no image" if written is None else f"the image {written}, which is not known as one that AWS builds for EKS"
        )
        yield Problem(at_worst(f"{where} uses {what}", "ImageId", written), _SPECIFIED)
    for image in images:
        if not image.current:
            yield Problem(f"the image of {where} is {image.name}", _SPECIFIED)
