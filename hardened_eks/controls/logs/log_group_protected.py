from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.log_groups import GROUP, holds_evidence


@control(
    id="LG-12",
    title="Log groups with evidence cannot be deleted by one call",
    requirement="logs.audit.managed",
    types=(GROUP,),
    severity=Severity.MEDIUM,
    why=(
        "An intruder who wants to hide deletes the log first. Deletion protection requires a second step that "
        "raises an alarm."
    ),
    fix="Set DeletionProtectionEnabled to true.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html",
    blind=(
        "Who may switch it off (logs:PutLogGroupDeletionProtection). Only groups of control planes, flow logs, DNS "
        "queries and CloudTrail that are in the assembly, told by their name or by what writes to them."
    ),
    enforced_by="Cluster",
)
def log_group_protected(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.flag("DeletionProtectionEnabled", default=False) is not True and holds_evidence(group, assembly):
        yield Problem("it can be deleted by one call", "DeletionProtectionEnabled")
