from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.graph import precedes
from hardened_eks.evidence.noting import unnoted


@control(
    id="DP-19",
    title="The log group of a cluster with logging is in the stack and is created before the cluster",
    requirement=("logs.group.encrypted", "logs.group.retention"),
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    evidence="template",
    severity=Severity.MEDIUM,
    why=(
        "EKS creates /aws/eks/NAME/cluster itself when logging starts, without encryption and without a retention "
        "period. If CloudFormation then tries to create the log group, it fails with AlreadyExists."
    ),
    fix="Create the log group with that name, a retention period and a key, and make the cluster depend on it.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    blind=(
        "A log group that already exists in the account, or that another app creates: waive the finding and state "
        "where the log group is created."
    ),
    enforced_by="Cluster",
)
def logging_group_first(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    enabled = resource.items("Logging.ClusterLogging.EnabledTypes")
    if not enabled:
        return
    with unnoted(resource.template.assembly):  # the log group has the same name for every value
        name = resource.get("Name")
    if not isinstance(name, str | Unknown) or "${Fn::" in str(name):
        yield Problem(
            "the cluster's name is not known before deployment, so its log group cannot be created before it", "Name"
        )
        return
    wanted = f"/aws/eks/{name}/cluster"
    group = assembly.target(wanted, "AWS::Logs::LogGroup", near=resource)
    if group is None:
        yield Problem(f"no log group {wanted} is created before the cluster", "Logging.ClusterLogging")
    elif group.template is resource.template and not precedes(group, resource):
        yield Problem(f"the cluster does not depend on its log group {group.logical_id}", "Logging.ClusterLogging")
