from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import branches

_YEAR: Final = 365


@control(
    id="LG-02",
    title="Log groups have a retention period of at least a year",
    requirement="logs.group.retention",
    types=("AWS::Logs::LogGroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Intrusions are often discovered months later, when a shorter log is gone. A log that is kept forever causes "
        "costs and risks that nobody decided to accept."
    ),
    fix="Set RetentionInDays to 365 or more.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16",
    blind=(
        "Log groups that AWS creates itself never expire. A missing retention period is a finding here and in "
        "checkov, because nobody decided on one; Security Hub CloudWatch.16 accepts it as long enough."
    ),
    enforced_by="Cluster",
)
def log_group_retention(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = group.number("RetentionInDays")  # absent means forever
    for days in branches(written):
        if days is None:
            yield Problem("no retention is set: it is kept forever", "RetentionInDays")
        elif not str(days).isdecimal() or int(str(days)) < _YEAR:
            yield Problem(f"it is kept for {days} days, less than {_YEAR}", "RetentionInDays")
