from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PATH = "ComputeConfig.NodePools"


@control(
    id="ND-30",
    title="Auto Mode uses no built-in node pools",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    requirement=("node.ebs.cmk", "eks.network.vpc_cni_policy"),
    severity=Severity.MEDIUM,
    why=(
        "Nodes of the pools general-purpose and system encrypt volumes with the AWS managed key. On these nodes every "
        "pod can reach every other pod until a policy selects it, and policy decisions are not logged. The NodeClass "
        "of these pools cannot be changed."
    ),
    fix=(
        "Omit NodePools and NodeRoleArn. Apply your own NodeClass with a key, networkPolicy DefaultDeny and "
        "networkPolicyEventLogs, and NodePools that use it."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html",
    blind="Node pools that are enabled by other means. KB-30 to KB-34 evaluate your own NodeClass.",
    enforced_by="Cluster",
)
def auto_mode_pools(resource: Resource, _: Assembly) -> Iterator[Problem]:
    if resource.flag("ComputeConfig.Enabled", default=False) is False:
        return
    for path, name in resource.each(_PATH):
        yield Problem(f"the built-in node pool {name} is on", path)
