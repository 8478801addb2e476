"""Evaluates expressions: EventBridge patterns by the emulator's engine, filters by our stand-in."""

from __future__ import annotations

import functools
import json
from typing import Any

from ministack.services import eventbridge

from hardened_eks.detections import DETECTIONS, Detection, Expression, Parameters, Source, read
from tests.detections.events import PARAMETERS
from tests.detections.metric_filters import matches

BY_ID: dict[str, Detection] = {detection.id: detection for detection in DETECTIONS}


@functools.cache
def parameters() -> Parameters:
    return read(PARAMETERS)


def expression(id_: str, source: Source) -> Any:
    found: Expression | None = BY_ID[id_].expression(source)
    assert found is not None, f"{id_} has no expression for {source}"
    return found.filled(parameters())


def event_matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """What EventBridge's TestEventPattern answers; the emulator's is right in all cases that we know."""
    text = json.dumps(pattern, sort_keys=True)
    status, _, body = eventbridge._test_event_pattern({"EventPattern": text, "Event": json.dumps(event)})
    assert status == 200, f"{body!r} for {text}"
    return json.loads(body)["Result"] is True


def fires(filled: Any, observed: Any) -> bool:
    """Return whether an expression matches an event (a dict) or a line of a log."""
    return event_matches(filled, observed) if isinstance(filled, dict) else matches(filled, observed)


def told(observed: Any, source: Source) -> set[str]:
    """Return the ids of all detections that an event or a line sets off."""
    return {
        detection.id
        for detection in DETECTIONS
        for found in detection.expressions
        if found.source == source and fires(found.filled(parameters()), observed)
    }
