from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.unknown import is_set
from hardened_eks.evidence.views.launch_source import launch_template

_MARKET = "LaunchTemplateData.InstanceMarketOptions"


@control(
    id="DP-01",
    title=(
        "A node group with a launch template sets no disk size or remote access, and the launch template has no "
        "instance profile"
    ),
    types=("AWS::EKS::Nodegroup",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects the node group when it is created, because these settings cannot be combined with a launch "
        "template."
    ),
    fix=(
        "Move the volume to BlockDeviceMappings of the launch template, remove RemoteAccess and IamInstanceProfile, "
        "and set the node role in NodeRole. A capacity block needs both CapacityType CAPACITY_BLOCK and "
        "InstanceMarketOptions.MarketType capacity-block; other groups set only CapacityType."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
    enforced_by="NodeGroup",
)
def nodegroup_launch_template_exclusive(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.get("LaunchTemplate") is None:
        return
    for name in ("DiskSize", "RemoteAccess"):
        if is_set(resource.get(name)):
            yield Problem(f"{name} is set although there is a launch template", name)
    yield from launch_not_seen(resource, assembly, "IamInstanceProfile")
    template = launch_template(resource, assembly)
    if template is None:
        return
    yield from _market(resource, template)
    for name in (
        "IamInstanceProfile",
        "HibernationOptions",
        "LaunchTemplateData.NetworkInterfaces.0.SubnetId",
    ):
        path = name.removeprefix("LaunchTemplateData.")
        if is_set(template.get(f"LaunchTemplateData.{path}")):
            yield Problem(f"its launch template {template.logical_id} sets {path}, which EKS rejects", "LaunchTemplate")


def _market(group: Resource, template: Resource) -> Iterator[Problem]:
    """Yield the problems of the market options, which only a capacity block needs and may have.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
    """
    options, kind = template.get(_MARKET), group.get("CapacityType", "ON_DEMAND")
    market = template.get(f"{_MARKET}.MarketType")
    block = market == "capacity-block"
    if kind == "CAPACITY_BLOCK" and options is None:
        yield Problem(f"its launch template {template.logical_id} sets no MarketType capacity-block", "CapacityType")
    elif options is not None and block and isinstance(kind, str) and kind != "CAPACITY_BLOCK":
        yield Problem(
            f"its launch template {template.logical_id} requires a capacity block, but the node group uses {kind}",
            "CapacityType",
        )
    elif options is not None and not block and not (kind == "CAPACITY_BLOCK" and isinstance(market, Unknown)):
        yield Problem(
            f"its launch template {template.logical_id} sets InstanceMarketOptions, which EKS rejects", "LaunchTemplate"
        )
