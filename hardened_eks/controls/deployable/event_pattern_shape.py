import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control

_OPERATORS = ("anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard")
_TOP = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "replay-name"}


@control(
    id="DP-12",
    title="Event patterns have the shape that EventBridge takes",
    types=("AWS::Events::Rule",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EventBridge refuses the rule (InvalidEventPatternException), or, worse, takes a pattern that never "
        "matches, and nobody is paged."
    ),
    fix='Every leaf of a pattern is a list; matchers are objects such as {"prefix": "x"}.',
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html",
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
            yield Problem(f"the event pattern is no JSON: {error}", "EventPattern")
            return
    if isinstance(pattern, dict):
        for where, message in _problems(pattern, ()):
            yield Problem(message, ".".join(("EventPattern", *where)))
        for name in pattern:
            if name not in _TOP and name != "$or":
                yield Problem(
                    f"events have no top-level field {name!r}, so the pattern never matches", f"EventPattern.{name}"
                )


def _problems(pattern: dict[str, Any], where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if not pattern:
        yield where, "the pattern is empty"
    for key, value in pattern.items():
        path = (*where, key)
        if key == "$or":
            for index, branch in enumerate(value if isinstance(value, list) else ()):
                if isinstance(branch, dict):
                    yield from _problems(branch, (*path, str(index)))
        elif isinstance(value, dict):
            yield from _problems(value, path)
        elif isinstance(value, list):
            yield from _matcher_problems(value, path)
        elif isinstance(value, str | int | float | bool) or value is None:
            yield path, f"a leaf of a pattern is a list, got {value!r}"


def _matcher_problems(values: list[Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if not values:
        yield path, "the list is empty and matches nothing"
    for index, value in enumerate(values):
        if isinstance(value, list):
            yield (*path, str(index)), "a list inside a list"
        if isinstance(value, dict):
            for operator in value:
                if operator not in _OPERATORS:
                    yield (*path, str(index)), f"{operator!r} is no operator, EventBridge has {', '.join(_OPERATORS)}"
