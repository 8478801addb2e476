from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import launch_template


@control(
    id="DP-01",
    title=(
        "A node group with a launch template sets no disk size, no remote access, and the template no instance profile"
    ),
    types=("AWS::EKS::Nodegroup",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS refuses the node group when it is created: these settings and a launch template exclude each other.",
    fix=(
        "Put the volume into BlockDeviceMappings of the launch template, drop RemoteAccess and "
        "IamInstanceProfile; the node role belongs into NodeRole."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
    blind="A launch template of another stack that is not part of the assembly.",
    enforced_by="NodeGroup",
)
def nodegroup_launch_template_exclusive(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.get("LaunchTemplate") is None:
        return
    for name in ("DiskSize", "RemoteAccess"):
        if resource.get(name) is not None:
            yield Problem(f"{name} is set beside a launch template", name)
    template = launch_template(resource, assembly)
    if template is None:
        return
    for name in (
        "IamInstanceProfile",
        "InstanceMarketOptions",
        "HibernationOptions",
        "LaunchTemplateData.NetworkInterfaces.0.SubnetId",
    ):
        path = name.removeprefix("LaunchTemplateData.")
        if template.get(f"LaunchTemplateData.{path}") is not None:
            yield Problem(f"its launch template {template.logical_id} sets {path}, which EKS refuses", "LaunchTemplate")
