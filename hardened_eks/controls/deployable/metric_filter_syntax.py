import re
from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import LATER

_SIGNS = "=, !=, <, >, <=, >=, IS, NOT EXISTS"
_CONDITION = regex(
    r"""\s*\$(?:\.[\w:@/*-]+|\.?\["?[^\[\]"]+"?\])+\s*
    (?: (?:!=|<=|>=|=|<|>)\s*(?: "(?:[^"\\]|\\.)*" | %[^%]*% | [^\s"'&|()=<>!{}]+ )
      | IS\s+(?:TRUE|FALSE|NULL)\b
      | NOT\s+EXISTS\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)

_VALUE = regex(r"""(?:!=|=)\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"'&|()=<>!{}%]+))""")
_OCTETS = regex(r"\d{1,3}(?:\.(?:\d{1,3}|\*)){1,3}")
"""A part of an IP address, which the guide writes as ``10.*.*.*``."""


@control(
    id="DP-13",
    title="Metric filter patterns are valid and can match",
    types=("AWS::Logs::MetricFilter", "AWS::Logs::SubscriptionFilter"),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "CloudWatch Logs rejects the filter with InvalidParameterException, or accepts a pattern that never matches, "
        "so that an alarm on it never gets data."
    ),
    fix=(
        'Write { $.field = "value" } for JSON events, and balance braces, brackets, parentheses and quotation marks. '
        "Give a transformation with dimensions such a pattern, or one with [fields], and no default value."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
    enforced_by="Detection",
)
def metric_filter_syntax(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    pattern = resource.get("FilterPattern")
    yield from _dimension_problems(resource, pattern)
    if isinstance(pattern, Unknown):
        pattern = LATER.sub("x", str(pattern))
    if isinstance(pattern, str):
        yield from _pattern_problems(pattern)


def _dimension_problems(resource: Resource, pattern: object) -> Iterator[Problem]:
    """Yield transformations with dimensions that CloudWatch Logs rejects.

    Sources:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
        https://github.com/hashicorp/terraform-provider-aws/issues/22105
    """
    for path, transformation in resource.each("MetricTransformations"):
        if not isinstance(transformation, dict) or not transformation.get("Dimensions"):
            continue
        if transformation.get("DefaultValue") is not None:
            yield Problem("a transformation with dimensions cannot have a default value", f"{path}.DefaultValue")
        if isinstance(pattern, str) and not pattern.strip().startswith(("{", "[")):
            yield Problem(
                f"the pattern {pattern!r} does not support dimensions, which need {{ $.field ... }} or [fields]",
                f"{path}.Dimensions",
            )


def _pattern_problems(pattern: str) -> Iterator[Problem]:
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', pattern)
    bare = re.sub(r"%[^%]*%", "%%", bare)
    if bare.count('"') % 2:
        yield Problem("a quote is not closed", "FilterPattern")
    for opening, closing in ("{}", "[]", "()"):
        if bare.count(opening) != bare.count(closing):
            yield Problem(f"{opening} and {closing} do not balance", "FilterPattern")
    text = pattern.strip()
    if "$." in bare and not text.startswith("{"):
        yield Problem("a JSON selector ($.) is outside { }", "FilterPattern")
    if text.startswith("{") and text.endswith("}"):
        wrong = _expression_problem(text[1:-1])
        if wrong:
            yield Problem(f"the JSON pattern is wrong: {wrong}", "FilterPattern")
        for value in _literal_asterisks(text):
            yield Problem(f"the asterisk inside {value!r} is not a wildcard", "FilterPattern")


def _literal_asterisks(text: str) -> Iterator[str]:
    """Yield values with an asterisk between other characters: only one at the start or end is a wildcard.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html ("Ev*ent").
    """
    for found in _VALUE.finditer(text):
        value = found["quoted"] if found["quoted"] is not None else found["bare"]
        if "*" in value.removeprefix("*").removesuffix("*") and not _OCTETS.fullmatch(value):
            yield value


def _expression_problem(text: str) -> str:
    """Read conditions joined by && and ||, with parentheses; yield the first mistake."""
    at, depth = 0, 0
    while True:
        while found := re.compile(r"\s*\(").match(text, at):
            at, depth = found.end(), depth + 1
        found = _CONDITION.match(text, at)
        if found is None:
            return f"{text[at:].strip()[:60]!r} is not a condition; write $.field = value (operators {_SIGNS})"
        at = found.end()
        while depth and (found := re.compile(r"\s*\)").match(text, at)):
            at, depth = found.end(), depth - 1
        if not text[at:].strip():
            return "a parenthesis is not closed" if depth else ""
        found = re.compile(r"\s*(&&|\|\|)").match(text, at)
        if found is None:
            return f"{text[at:].strip()[:60]!r} follows a condition without && or ||"
        at = found.end()
