from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.retention import DAYS
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-36",
    title="Log retention is a number of days that CloudWatch Logs supports",
    types=("AWS::Logs::LogGroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why="CloudWatch Logs rejects any other number.",
    fix="Use one of the listed values.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html",
    enforced_by="Cluster",
)
def retention_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    days = resource.number("RetentionInDays")
    if isinstance(days, int) and days not in DAYS:
        near = min(DAYS, key=lambda known: abs(known - days))
        yield Problem(
            f"CloudWatch Logs does not support a retention of {days} days; the nearest is {near}", "RetentionInDays"
        )
