from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.instances import known
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import is_nodes, node_image
from hardened_eks.evidence.views.launch import AUTO_SCALING, instance_types, named_types
from hardened_eks.evidence.views.launch_source import launch_template


@control(
    id="DP-02",
    title="The image of nodes matches the architecture of their instance types",
    types=("AWS::EKS::Nodegroup", AUTO_SCALING),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS rejects the node group ("instance type is not supported for the AMI type"), and an Auto Scaling group '
        "cannot launch instances."
    ),
    fix=(
        "Use an ARM_64 AMI type for Graviton types and an x86_64 AMI type for Intel and AMD types, and do not mix "
        "them in one group."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html",
    blind="Custom AMIs.",
    enforced_by="NodeGroup",
)
def nodegroup_architecture(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == AUTO_SCALING:
        yield from _of_self_managed(resource, assembly)
        return
    if (
        resource.get("AmiType") is None or resource.get("InstanceTypes") is None
    ):  # otherwise the launch template has neither
        yield from launch_not_seen(resource, assembly, "ImageId", "InstanceType")
    template = launch_template(resource, assembly)
    if template is not None and template.get("LaunchTemplateData.ImageId") is not None:
        return
    if template is None and resource.get("LaunchTemplate") is not None and resource.get("AmiType") is None:
        return  # that launch template may set an image
    ami = resource.get("AmiType", "AL2_x86_64")
    wanted = "arm64" if "ARM_64" in str(ami).upper() else "x86_64"
    if not isinstance(ami, str) or ami == "CUSTOM":
        return
    inherited = [(name, "LaunchTemplate") for name, _ in instance_types(template)] if template else []
    for name, path in (*instance_types(resource), *inherited):
        kind = known(name)
        if kind is not None and wanted not in kind.architectures:
            yield Problem(f"{name} is {'/'.join(kind.architectures)}, but the AMI type {ami} is {wanted}", path)


def _of_self_managed(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = launch_template(group, assembly)
    if template is None and is_nodes(group, assembly):
        yield from launch_not_seen(group, assembly, "ImageId", "InstanceType")
    image = None if template is None else node_image(template)
    if template is None or image is None:
        return
    inherited = [(name, "MixedInstancesPolicy") for name, _ in named_types(template)]
    for name, path in (*named_types(group), *inherited):
        kind = known(name) if isinstance(name, str) else None
        if kind is not None and image.architecture not in kind.architectures:
            yield Problem(f"{name} is {'/'.join(kind.architectures)}, but the image is for {image.architecture}", path)
