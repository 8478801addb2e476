from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.log_groups import GROUP, holds_evidence


@control(
    id="LG-11",
    title="Log groups with evidence are of the class that can be alarmed on and kept",
    requirement=("logs.audit.managed", "logs.group.retention"),
    types=(GROUP,),
    severity=Severity.MEDIUM,
    why=(
        "INFREQUENT_ACCESS has no metric filters, subscriptions or live tail, so no alarm ever fires. DELIVERY "
        "deletes records after two days, regardless of the retention."
    ),
    fix="Leave LogGroupClass out, or set STANDARD. The class of a group cannot be changed: a new group is needed.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html",
    blind=(
        "Only groups of control planes, flow logs, DNS queries and CloudTrail that are in the assembly, told by their "
        "name or by what writes to them."
    ),
    enforced_by="Cluster",
)
def log_group_class(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = group.get("LogGroupClass", "STANDARD")
    if kind != "STANDARD" and holds_evidence(group, assembly):
        yield Problem(f"its class is {kind}", "LogGroupClass")
