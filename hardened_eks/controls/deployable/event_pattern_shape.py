import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Any

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_OPERATORS = ("anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard")
_BUT = {"prefix", "suffix", "equals-ignore-case", "wildcard"}
_SERVICE = regex(r"[a-z0-9-]+\.amazonaws\.com")
_PARTNER = "aws.partner/"
"""The prefix of partner event sources, whose rest partners choose."""
_DETAIL_TYPES = (
    "AWS API Call via CloudTrail",
    "AWS Console Sign In via CloudTrail",
    "AWS Health Event",
    "AWS Insight via CloudTrail",
    "AWS Service Event via CloudTrail",
    "Access Analyzer Finding",
    "Backup Job State Change",
    "CloudWatch Alarm State Change",
    "Config Configuration Item Change",
    "Config Rules Compliance Change",
    "EBS Multi-Volume Snapshots Completion Status",
    "EBS Snapshot Notification",
    "EBS Volume Notification",
    "EC2 Capacity Reservation Instance Interruption Warning",
    "EC2 Instance Launch Successful",
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance Rebalance Recommendation",
    "EC2 Instance State-change Notification",
    "EC2 Instance Terminate Successful",
    "EC2 Instance Terminate Unsuccessful",
    "EC2 Instance-launch Lifecycle Action",
    "EC2 Instance-terminate Lifecycle Action",
    "EC2 Spot Instance Interruption Warning",
    "ECR Image Action",
    "ECR Image Scan",
    "GuardDuty Finding",
    "Inspector2 Finding",
    "KMS CMK Deletion",
    "KMS CMK Rotation",
    "Scheduled Event",
    "Security Hub Findings - Custom Action",
    "Security Hub Findings - Imported",
)
"""The spelling of AWS: a value that differs only in case, spaces or hyphens, or by a letter or two, never matches."""
_CLOSE = 0.94
_TOP = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "replay-name"}


@control(
    id="DP-12",
    title="Event patterns have a format that EventBridge accepts",
    types=("AWS::Events::Rule",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EventBridge rejects the rule (InvalidEventPatternException), or accepts a pattern that never matches, so "
        "that nobody is notified."
    ),
    fix='Make every leaf of the pattern a list. Matchers are objects such as {"prefix": "x"}.',
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html",
    enforced_by="BreakGlassRole",
)
def event_pattern_shape(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    pattern = resource.get("EventPattern")
    if pattern is None:
        if resource.get("ScheduleExpression") is None:
            yield Problem("the rule has neither an event pattern nor a schedule")
        return
    if isinstance(pattern, str):
        try:
            pattern = json.loads(pattern)
        except ValueError as error:
            yield Problem(f"the event pattern is not JSON: {error}", "EventPattern")
            return
    if isinstance(pattern, Unknown):
        return
    if not isinstance(pattern, dict):
        yield Problem(f"the event pattern is a {type(pattern).__name__}, but an object is needed", "EventPattern")
    else:
        for where, message in _problems(pattern, ()):
            yield Problem(message, ".".join(("EventPattern", *where)))
        yield from _never(pattern)
        for name in pattern:
            if name not in _TOP and name != "$or":
                yield Problem(
                    f"events have no top-level field {name!r}, so the pattern never matches", f"EventPattern.{name}"
                )


def _never(pattern: dict[str, Any]) -> Iterator[Problem]:
    """Yield the values that no event has, for fields that only AWS sets."""
    spelled = {_plain(name): name for name in _DETAIL_TYPES}
    detail = pattern.get("detail")
    calls = detail.get("eventSource") if isinstance(detail, dict) else None
    kinds = list(_texts("detail-type", pattern.get("detail-type")))
    for path, value in kinds:
        right = spelled.get(_plain(value)) or _meant(value)
        if right != value and all(other != right for _, other in kinds):  # both spellings together do match
            yield Problem(f"no event has {value!r}; AWS writes {right!r}", path)
    for path, value in _texts("source", pattern.get("source")):
        right = value.strip().lower()
        if _SERVICE.fullmatch(value):
            right = f"aws.{value.partition('.')[0]}"
        if right != value and right.startswith("aws.") and not right.startswith(_PARTNER):
            yield Problem(f"no event has the source {value!r}; AWS writes {right!r}", path)
    for path, value in _texts("detail.eventSource", calls):
        if value.startswith("aws."):
            right = f"{value.removeprefix('aws.')}.amazonaws.com"
            yield Problem(f"no call has the eventSource {value!r}; CloudTrail writes {right!r}", path)


def _meant(value: str) -> str:
    """Return the probable detail type if a string differs from it by a letter or two; otherwise the string."""
    if value in _DETAIL_TYPES:
        return value
    return next(iter(get_close_matches(value, _DETAIL_TYPES, n=1, cutoff=_CLOSE)), value)


def _texts(path: str, values: Any) -> Iterator[tuple[str, str]]:
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, str):
            yield f"EventPattern.{path}.{index}", value


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "", name).casefold()


def _problems(pattern: dict[str, Any], where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if not pattern:
        yield where, "the pattern is empty"
    for key, value in pattern.items():
        path = (*where, key)
        if key == "$or":
            if not isinstance(value, list) or len(value) < 2:
                yield path, "$or needs a list of two or more patterns"
            for index, branch in enumerate(value if isinstance(value, list) else ()):
                if isinstance(branch, dict):
                    yield from _problems(branch, (*path, str(index)))
        elif isinstance(value, dict):
            yield from _problems(value, path)
        elif isinstance(value, list):
            yield from _matcher_problems(value, path)
        elif isinstance(value, str | int | float | bool) or value is None:
            yield path, f"a leaf of a pattern must be a list, got {value!r}"


def _matcher_problems(values: list[Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if not values:
        yield path, "the list is empty and matches nothing"
    for index, value in enumerate(values):
        if isinstance(value, list):
            yield (*path, str(index)), "a list inside a list"
        if isinstance(value, dict):
            for operator in value:
                if operator not in _OPERATORS:
                    yield (
                        (*path, str(index)),
                        f"{operator!r} is not an operator; EventBridge supports {', '.join(_OPERATORS)}",
                    )
            if len(value) != 1:
                yield (
                    (*path, str(index)),
                    f"a matcher must have one operator, got {', '.join(map(str, value)) or 'none'}",
                )
            for operator, operand in value.items():
                if wanted := _operand_problem(operator, operand):
                    yield (*path, str(index)), f"{operator} needs {wanted}, got {operand!r}"


def _operand_problem(operator: str, operand: Any) -> str:
    """Return the required operand of `operator` if `operand` is something else."""
    if isinstance(operand, Unknown):
        return ""
    if operator == "exists":
        return "" if isinstance(operand, bool) else "true or false"
    if operator in ("prefix", "suffix"):
        nested = isinstance(operand, dict) and set(operand) == {"equals-ignore-case"}
        return "" if nested or isinstance(operand, str) else "a string"
    if operator in ("equals-ignore-case", "wildcard"):
        return "" if isinstance(operand, str) and (operator != "wildcard" or "**" not in operand) else "one string"
    if operator == "numeric":
        return "" if _is_numeric(operand) else 'one or two pairs such as [">", 0, "<=", 5]'
    if operator == "cidr":
        return "" if _is_cidr(operand) else "a CIDR block"
    if operator == "anything-but":
        known = not isinstance(operand, dict) or (len(operand) == 1 and set(operand) <= _BUT)
        return "" if known else f"values or one of {', '.join(sorted(_BUT))}"
    return ""


def _is_numeric(operand: Any) -> bool:
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        return False
    signs, numbers = operand[::2], operand[1::2]
    numeric = all(isinstance(n, int | float | Unknown) and not isinstance(n, bool) for n in numbers)
    return numeric and all(isinstance(sign, str) and sign in ("=", "<", "<=", ">", ">=") for sign in signs)


def _is_cidr(operand: Any) -> bool:
    try:
        ip_network(operand, strict=False)
    except (ValueError, TypeError):
        return False
    return "/" in str(operand)
