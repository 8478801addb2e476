from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.auto_scaling import is_nodes, node_images
from hardened_eks.evidence.views.launch import AUTO_SCALING, TEMPLATE, prefix_of
from hardened_eks.evidence.views.launch_source import launch_settings
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
        "however well they are built. An Auto Scaling group is evaluated only if it has a cluster tag, such a "
        "parameter, or user data that joins a cluster."
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
    settings = launch_settings(group, assembly)
    if settings is None:
        yield Problem("the launch template of the nodes is not among the templates", _SPECIFIED, unseen=True)
        return
    older = settings.type != TEMPLATE
    path = "LaunchConfigurationName" if older else _SPECIFIED
    where = f"the launch {'configuration' if older else 'template'} {settings.logical_id}"
    images = node_images(settings)
    if not images:
        written = settings.get(f"{prefix_of(settings)}ImageId")
        what = (
            "no image" if written is None else f"the image {written}, which is not known as one that AWS builds for EKS"
        )
        yield Problem(at_worst(f"{where} uses {what}", "ImageId", written), path)
    for image in images:
        if not image.current:
            yield Problem(f"the image of {where} is {image.name}", path)
