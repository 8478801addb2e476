from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.errors import repeated
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set
from hardened_eks.evidence.views.launch_source import launch_template


@control(
    id="DP-32",
    title="Instance types are set either in the node group or in the launch template, and only once",
    types=("AWS::EKS::Nodegroup",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects a node group that sets instance types if its launch template sets one too. Several types in an "
        "on-demand node group are valid."
    ),
    fix="Keep InstanceTypes on the node group and drop InstanceType from the launch template.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
    enforced_by="NodeGroup",
)
def instance_types_in_one_place(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = launch_template(resource, assembly)
    types = resource.items("InstanceTypes")
    if types:
        yield from launch_not_seen(resource, assembly, "InstanceType")
    if types and is_set(types[0]) and template is not None and is_set(template.get("LaunchTemplateData.InstanceType")):
        yield Problem("the launch template sets an instance type as well", "InstanceTypes")
    literal = [name for name in types if isinstance(name, str)] if len(types) > 1 else []
    yield from (Problem(f"{name} is listed twice", "InstanceTypes") for name in repeated(literal))
    if len(types) > 20:
        yield Problem(f"{len(types)} instance types are listed; EKS accepts at most 20", "InstanceTypes")
