from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.log_groups import GROUP, holds_evidence


@control(
    id="LG-11",
    title="Log groups with evidence have a class that supports alarms and keeps records",
    requirement=("logs.audit.managed", "logs.group.retention"),
    types=(GROUP,),
    severity=Severity.MEDIUM,
    why=(
        "INFREQUENT_ACCESS supports no metric filters, subscriptions or live tail, so no alarm ever fires. DELIVERY "
        "deletes records after two days, regardless of the retention period."
    ),
    fix="Omit LogGroupClass, or set it to STANDARD. The class of a log group cannot be changed, so create a new group.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html",
    blind=(
        "Only log groups of the assembly for control planes, flow logs, DNS queries and CloudTrail are evaluated, "
        "which are identified by their name or by the resource that writes to them."
    ),
    enforced_by="Cluster",
)
def log_group_class(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = group.get("LogGroupClass", "STANDARD")
    if kind != "STANDARD" and holds_evidence(group, assembly):
        yield Problem(f"its class is {kind}", "LogGroupClass")
