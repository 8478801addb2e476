from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PATH = "ComputeConfig.NodePools"


@control(
    id="ND-30",
    title="Auto Mode has no built-in node pools",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    requirement=("node.ebs.cmk", "eks.network.vpc_cni_policy"),
    severity=Severity.MEDIUM,
    why=(
        "Nodes of the pools general-purpose and system have volumes under the AWS managed key, let every pod reach "
        "every pod until a policy selects it, and do not log that. Their NodeClass cannot be changed."
    ),
    fix=(
        "Leave NodePools and NodeRoleArn out, and apply a NodeClass of your own with a key, networkPolicy DefaultDeny "
        "and networkPolicyEventLogs, and NodePools that name it."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html",
    blind="Pools that are switched on by other means. KB-30 to KB-34 evaluate a NodeClass of your own.",
    enforced_by="Cluster",
)
def auto_mode_pools(resource: Resource, _: Assembly) -> Iterator[Problem]:
    if resource.flag("ComputeConfig.Enabled", default=False) is False:
        return
    for path, name in resource.each(_PATH):
        yield Problem(f"the built-in node pool {name} is on", path)
