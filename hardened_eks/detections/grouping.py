"""Grouping of detections into few EventBridge rules: those with one severity and kind of event share a rule.

The pattern of a group matches an event if, and only if, the pattern of one of its detections does: common parts stay,
and the rest becomes the branches of an ``$or``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.detections.expressions import MAXIMUM_PATTERN
from hardened_eks.detections.model import Detection, EventPattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.detections.parameters import Parameters
    from hardened_eks.severity import Severity

_OR: Final = "$or"
_UNKNOWN: Final = regex(r"\$\{Token\[[^\]]*\]\}")
LONGEST_VALUE: Final = 110
"""The assumed length of a value that is known only at deployment, such as the ARN of a role or a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Detections that share an EventBridge rule."""

    name: str
    """The construct ID: severity, family and a number, for example ``CriticalEks1``."""
    severity: Severity
    family: str
    """The kind of events: ``Eks`` and ``Account`` for API calls, ``GuardDuty`` or ``Findings`` for findings."""
    detections: tuple[Detection, ...]
    pattern: Mapping[str, Any]
    """The event pattern of all detections, with values inserted."""
    read_only_events: bool
    """Whether the rule needs the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS."""


def grouped(
    detections: Sequence[Detection], parameters: Parameters, sizes: Mapping[str, int] | None = None
) -> tuple[Group, ...]:
    """Return the rules that the EventBridge expressions of `detections` need.

    Args:
        detections: the detections to deploy; those without such an expression are omitted.
        parameters: the values of the expressions.
        sizes: the maximum length of each value that is known only at deployment. Default: `LONGEST_VALUE` each.

    Raises:
        ConfigurationError: a single pattern is longer than EventBridge accepts.
    """
    boxes: dict[tuple[Severity, str, bool], list[_Item]] = {}
    for detection in detections:
        for expression in detection.expressions:
            if isinstance(expression, EventPattern):
                pattern = expression.filled(parameters)
                place = detection.severity, family(pattern), expression.read_only_events
                boxes.setdefault(place, []).append((detection, pattern))
    found = []
    for (severity, kind, read_only), items in boxes.items():
        packs = list(_packed(items, sizes or {}))
        for number, pack in enumerate(packs, 1):
            found.append(
                Group(
                    name=f"{severity.capitalize()}{kind}{'Reads' if read_only else ''}"
                    f"{number if len(packs) > 1 else ''}",
                    severity=severity,
                    family=kind,
                    detections=tuple(detection for detection, _ in pack),
                    pattern=merged([pattern for _, pattern in pack]),
                    read_only_events=read_only,
                )
            )
    return tuple(found)


_Item = tuple[Detection, dict[str, Any]]


def family(pattern: Mapping[str, Any]) -> str:
    """Return the kind of events of a pattern; all events of one kind have the same fields."""
    types = pattern.get("detail-type", ())
    if pattern.get("source") == ["aws.eks"]:
        return "Eks"
    if any(str(type_).startswith(("AWS API Call", "AWS Console Sign")) for type_ in types):
        return "Account"
    return "GuardDuty" if pattern.get("source") == ["aws.guardduty"] else "Findings"


def _packed(items: Sequence[_Item], sizes: Mapping[str, int]) -> Iterator[list[_Item]]:
    """Add each detection to the first rule with enough room; those with the same trusted roles are adjacent."""
    packs: list[list[_Item]] = []
    ranks = {key: rank for rank, key in enumerate(dict.fromkeys(_trust(pattern) for _, pattern in items))}
    ranked = sorted(items, key=lambda item: ranks[_trust(item[1])])
    for item in ranked:
        for pack in packs:
            if _length(merged([pattern for _, pattern in (*pack, item)]), sizes) <= MAXIMUM_PATTERN:
                pack.append(item)
                break
        else:
            packs.append([item])
    yield from packs


def _trust(pattern: Mapping[str, Any]) -> str:
    return json.dumps(pattern.get("detail", {}).get("userIdentity"))


def _length(pattern: Mapping[str, Any], sizes: Mapping[str, int]) -> int:
    text = json.dumps(pattern, separators=(",", ":"))
    return len(_UNKNOWN.sub(lambda token: "x" * sizes.get(token[0], LONGEST_VALUE), text))


def merged(patterns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a pattern that matches an event if, and only if, any of `patterns` does."""
    different: list[Mapping[str, Any]] = []
    for pattern in patterns:
        if pattern not in different:
            different.append(pattern)
    if len(different) == 1:
        return dict(different[0])
    shared = {
        key: value
        for key, value in different[0].items()
        if key != _OR and all(key in other and other[key] == value for other in different[1:])
    }
    rests = [{key: value for key, value in pattern.items() if key not in shared} for pattern in different]
    if not all(rests):  # one of them has no further conditions, so the others match no additional events
        return shared
    (key, *more) = {key for rest in rests for key in rest}
    inner = [rest.get(key) for rest in rests]
    if not more and key != _OR and all(isinstance(value, dict) for value in inner):
        return {**shared, key: merged([value for value in inner if isinstance(value, dict)])}
    return {**shared, _OR: rests}
