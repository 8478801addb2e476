import re
from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control


@control(
    id="DP-13",
    title="Metric filter patterns are balanced and of one kind",
    types=("AWS::Logs::MetricFilter", "AWS::Logs::SubscriptionFilter"),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="CloudWatch Logs refuses the filter with InvalidParameterException; an alarm on it never gets a metric.",
    fix='Write { $.field = "value" } for JSON events; balance braces, brackets, parentheses and quotes.',
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
    detective="No construct makes a metric filter yet.",
)
def metric_filter_syntax(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    pattern = resource.get("FilterPattern")
    if not isinstance(pattern, str):
        return
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', pattern)
    bare = re.sub(r"%[^%]*%", "%%", bare)
    if bare.count('"') % 2:
        yield Problem("a quote is not closed", "FilterPattern")
    for opening, closing in ("{}", "[]", "()"):
        if bare.count(opening) != bare.count(closing):
            yield Problem(f"{opening} and {closing} do not balance", "FilterPattern")
    text = bare.strip()
    if "$." in text and not text.startswith("{"):
        yield Problem("a JSON selector ($.) stands outside of { }", "FilterPattern")
    if text.startswith("{") and re.search(r"(?<![=!<>])==|(?<![&|])(?:&|\|)(?![&|])", text):
        yield Problem("operators are =, !=, <, >, && and ||", "FilterPattern")
    if text.startswith("{") and "$" not in text:
        yield Problem("a JSON pattern needs a selector such as $.responseStatus.code", "FilterPattern")
