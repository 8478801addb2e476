from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set
from hardened_eks.evidence.views.launch_source import launch_template


@control(
    id="DP-31",
    title="A node group whose launch template sets an image has no AMI type or version",
    types=("AWS::EKS::Nodegroup",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS returns "You cannot specify an AMI Type / Kubernetes version when specifying an image id within the '
        'launch template".'
    ),
    fix="Remove AmiType (or set it to CUSTOM), Version and ReleaseVersion, or remove ImageId from the launch template.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
    enforced_by="NodeGroup",
)
def custom_ami_alone(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "ImageId")
    template = launch_template(resource, assembly)
    if template is None:
        return
    image = template.get("LaunchTemplateData.ImageId")
    if image is None:
        if resource.get("AmiType") == "CUSTOM":
            yield Problem("AmiType is CUSTOM, but the launch template sets no ImageId", "AmiType")
        return
    if is_set(image) and is_set(resource.get("AmiType")) and resource.get("AmiType") != "CUSTOM":
        yield Problem(f"AmiType is {resource.get('AmiType')}, but the launch template sets an ImageId", "AmiType")
    for name in ("Version", "ReleaseVersion") if is_set(image) else ():
        if is_set(resource.get(name)):
            yield Problem(f"{name} is set, but the launch template sets an ImageId", name)
