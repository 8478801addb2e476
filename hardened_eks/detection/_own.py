"""Checks of the user's own detections: without them, a mistake would only show as a missing alert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.detections import DETECTIONS, PARAMETERS, Detection, EventPattern, MetricFilter, Severity
from hardened_eks.detections.derived import DERIVED
from hardened_eks.detections.expressions import names
from hardened_eks.detections.model import MetricAlarm
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ID: Final = regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_EXPRESSIONS: Final = (EventPattern, MetricFilter, MetricAlarm)


def own_problems(own: Sequence[Detection]) -> Iterator[str]:
    """Yield the mistakes in detections that a user adds.

    Args:
        own: the detections, of the right class.
    """
    known = {detection.id for detection in DETECTIONS}
    for one in own:
        if one.id in known:
            yield f"extra has {one.id!r}, which already exists: use another ID, and exclude the existing one"
        elif not isinstance(one.id, str) or not _ID.fullmatch(one.id):
            yield f"extra has the ID {one.id!r}: use lower-case words and hyphens, such as eks-profile-created"
        else:
            yield from (f"extra, {one.id}: {problem}" for problem in _problems(one))
    yield from (f"extra has {id_!r} twice" for id_ in repeated([one.id for one in own]))


def _problems(one: Detection) -> Iterator[str]:
    if one.severity not in list(Severity):
        yield f"severity needs one of {', '.join(Severity)}, got {one.severity!r}"
    found: Any = one.expressions
    if not isinstance(found, list | tuple) or not found or not all(isinstance(part, _EXPRESSIONS) for part in found):
        yield f"expressions needs an EventPattern, a MetricFilter or a MetricAlarm, got {found!r}"
        return
    yield from (f"expressions has {source} twice" for source in repeated([part.source for part in found]))
    parameters = {parameter.name for parameter in PARAMETERS} | set(DERIVED)
    for name in sorted(names([str(part) for part in found]) - parameters):
        yield f"<{name}> is not a parameter; use one of {', '.join(sorted(parameters))}"
    for part in found:
        if isinstance(part, EventPattern):
            yield from _pattern_problems(part.pattern, "pattern")
        elif isinstance(part, MetricFilter) and _is_open(part.pattern):
            yield f"pattern {part.pattern!r} has a brace that is not closed: add the missing brace"


def _pattern_problems(pattern: Any, place: str) -> Iterator[str]:
    """Yield the invalid parts of an event pattern. A field needs a list of values, or nested fields."""
    if not isinstance(pattern, Mapping) or not pattern:
        yield f"{place} needs a mapping of fields to lists of values, got {pattern!r}"
        return
    for field, value in pattern.items():
        if field == "$or" and isinstance(value, list | tuple) and len(value) > 1:
            for number, choice in enumerate(value):
                yield from _pattern_problems(choice, f"{place}.$or[{number}]")
        elif not isinstance(value, list | tuple):
            if isinstance(value, Mapping):
                yield from _pattern_problems(value, f"{place}.{field}")
            else:
                yield f"{place}.{field} needs a list of values, such as [{value!r}], got {value!r}"
        elif not value:
            yield f"{place}.{field} needs a value, got []"


def _is_open(pattern: str) -> bool:
    """Return whether a pattern on fields has an unclosed brace. Terms on the raw line may contain any braces."""
    return pattern.lstrip().startswith("{") and not pattern.rstrip().endswith("}")
