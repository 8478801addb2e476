"""Events of global services, which EventBridge has only in us-east-1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from hardened_eks._asked import region_of
from hardened_eks._kinds import TRAIL, is_a
from hardened_eks.detections import MetricFilter, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks.detection._alarms import Alarms
    from hardened_eks.detections import Detection

HOME: Final = "us-east-1"
"""The Region of IAM, sign-in, Organizations and Route 53 (https://docs.aws.amazon.com/eventbridge/latest/userguide/
eb-service-event-cloudtrail.html)."""
_NO_TRAIL: Final = "hardened-eks:detection-no-trail"
_UNCOUNTED: Final = "hardened-eks:detection-uncounted"
_BLIND: Final = "hardened-eks:detection-global-events"


def see(
    scope: Construct,
    *,
    trail: Any,
    known: bool,
    choice: str | None,
    detections: Sequence[Detection],
    alarms: Alarms,
) -> None:
    """Watch the log group of a trail, or warn of detections that cannot fire.

    Args:
        scope: the detection.
        trail: the trail or its log group. None: not known in this program.
        known: whether a trail exists.
        choice: source of global events. None: the trail's log group, if it is known.
        detections: the chosen detections.
        alarms: factory of the filters and alarms.
    """
    group = _log_group(trail)
    choice = choice or ("trail" if group is not None else "none")
    notes = cdk.Annotations.of(scope)
    if not known:
        notes.add_warning_v2(
            _NO_TRAIL,
            "no trail is known: without one that records management events in this Region, EventBridge gets no API "
            "calls, and no rule on calls can fire. Pass trail=, or trail='elsewhere' if the organization "
            "has one",
        )
    here = region_of(scope)
    blind = sorted(d.id for d in detections if d.expression(Source.TRAIL_LOG) is not None)
    if choice == "trail" and group is not None:
        for detection in detections:
            expression = detection.expression(Source.TRAIL_LOG)
            if isinstance(expression, MetricFilter):
                alarms.on_log(detection, expression, group)
        blind = []
    elif choice == "none" and here != HOME and blind:
        notes.add_warning_v2(
            _BLIND,
            f"events of global services are not seen outside {HOME}, so that these never fire: "
            f"{', '.join(blind)}. "
            "Pass trail= with a log group, or global_events='us-east-1' and put hardened.GlobalEvents there",
        )
        blind = []
    counted = sorted(d.id for d in detections if d.id in blind and d.expression(Source.EVENTBRIDGE) is None)
    if counted:
        notes.add_warning_v2(
            _UNCOUNTED,
            f"EventBridge cannot count, so that these never fire: {', '.join(counted)}. Pass trail= with a log group",
        )


def _log_group(trail: Any) -> str | None:
    if trail is None:
        return None
    found = trail.log_group if is_a(TRAIL, trail) else trail
    return None if found is None else str(found.log_group_name)
