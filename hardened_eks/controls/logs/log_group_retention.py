from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_YEAR: Final = 365


@control(
    id="LG-02",
    title="Log groups have a retention of at least a year",
    requirement="logs.group.retention",
    types=("AWS::Logs::LogGroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Intrusions are found months later. A log that is gone by then answers nothing, and one that is kept "
        "forever is a cost and a liability that nobody decided on."
    ),
    fix="Set RetentionInDays to 365 or more.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16",
    blind=(
        "Groups that AWS creates itself never expire. Without a retention period, the decision counts as missing "
        "here and in checkov; Security Hub CloudWatch.16 accepts it as long enough."
    ),
    enforced_by="Cluster",
)
def log_group_retention(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = group.number("RetentionInDays")  # absent means forever
    for days in written.branches if isinstance(written, Unknown) else (written,):
        if days is None:
            yield Problem("no retention is written: it is kept forever", "RetentionInDays")
        elif not str(days).isdecimal() or int(str(days)) < _YEAR:
            yield Problem(f"it is kept for {days} days, less than {_YEAR}", "RetentionInDays")
