from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import CLUSTER_TAG, cluster_name, is_nodes
from hardened_eks.evidence.views.launch import AUTO_SCALING, entries
from hardened_eks.evidence.views.launch_source import launch_template

_PATH = "MixedInstancesPolicy"
_DATA = "LaunchTemplateData"


@control(
    id="DP-81",
    title="Self-managed nodes start with a role, security groups and their cluster's tag",
    types=(AUTO_SCALING,),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Without an instance profile, a node cannot join. Without security groups, it gets the default group of the "
        "VPC, which the control plane cannot reach or which allows too much. Without the tag, controllers do not find "
        "the node."
    ),
    fix=(
        "Set an instance profile and security groups in the launch template, and tag the group "
        "kubernetes.io/cluster/NAME=owned with PropagateAtLaunch."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-workers.html",
    blind=(
        "Groups without a cluster tag whose image is not one that AWS builds for EKS and whose user data does not "
        "join a cluster; launch configurations, and launch templates that are not in the assembly."
    ),
    enforced_by="SelfManagedNodeGroup",
)
def self_managed_start(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not is_nodes(group, assembly):
        return
    if cluster_name(group) is None:
        yield Problem(f"it does not have the tag {CLUSTER_TAG}NAME", "Tags")
    for _, tag in entries(group, "Tags"):
        if isinstance(tag, dict) and str(tag.get("Key")).startswith(CLUSTER_TAG) and not _spreads(tag):
            yield Problem("the cluster tag is not propagated to the instances", "Tags")
    yield from launch_not_seen(group, assembly, "IamInstanceProfile", "SecurityGroupIds")
    template = launch_template(group, assembly)
    if template is None:
        return
    if template.get(f"{_DATA}.IamInstanceProfile") is None:
        yield Problem(f"the launch template {template.logical_id} has no instance profile", _PATH)
    interfaces = [one for _, one in entries(template, f"{_DATA}.NetworkInterfaces") if isinstance(one, dict)]
    named = [template.get(f"{_DATA}.{name}") for name in ("SecurityGroupIds", "SecurityGroups")]
    if not any(named) and not any(one.get("Groups") or "NetworkInterfaceId" in one for one in interfaces):
        yield Problem(f"the launch template {template.logical_id} sets no security group", _PATH)


def _spreads(tag: dict[str, object]) -> bool:
    return str(tag.get("PropagateAtLaunch")).lower() != "false"
