from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.log_groups import GROUP, holds_evidence


@control(
    id="LG-12",
    title="Log groups with evidence have deletion protection",
    requirement="logs.audit.managed",
    types=(GROUP,),
    severity=Severity.MEDIUM,
    why=(
        "Intruders who want to hide their actions delete the log first. Deletion protection requires a second step "
        "that raises an alarm."
    ),
    fix="Set DeletionProtectionEnabled to true.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html",
    blind=(
        "Who can turn it off (logs:PutLogGroupDeletionProtection). Only log groups of the assembly for control "
        "planes, flow logs, DNS queries and CloudTrail are evaluated, which are identified by their name or by the "
        "resource that writes to them."
    ),
    enforced_by="Cluster",
)
def log_group_protected(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.flag("DeletionProtectionEnabled", default=False) is not True and holds_evidence(group, assembly):
        yield Problem("it can be deleted with one call (deletion protection is off)", "DeletionProtectionEnabled")
