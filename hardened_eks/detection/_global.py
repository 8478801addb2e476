"""Events of global services, which EventBridge has only in one Region of a partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from hardened_eks._asked import region_of
from hardened_eks._kinds import TRAIL, is_a
from hardened_eks._tokens import is_literal
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.detections import EventPattern, MetricFilter, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks.detection._alarms import Alarms
    from hardened_eks.detections import Detection

_HOMES: Final = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-f": "us-isof-south-1",
}
"""The Region of IAM's endpoint, by partition, from endpoints.json of botocore; the other partitions have one Region.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html, and for China
https://github.com/aws-samples/scp-alternative-solution/issues/14
"""
_GLOBAL: Final = frozenset({"aws.iam", "aws.signin", "aws.organizations"})
"""Sources of events that EventBridge has only in that Region."""
_NO_TRAIL: Final = "hardened-eks:detection-no-trail"
_UNCOUNTED: Final = "hardened-eks:detection-uncounted"
_BLIND: Final = "hardened-eks:detection-global-events"


def home(region: str) -> str:
    """Return the Region that has the events of IAM, sign-in and Organizations of a Region's partition."""
    return _HOMES.get(PARTITIONS.get(region, "aws"), region)


def choices(region: str) -> tuple[str, ...]:
    """Return the sources of global events that a detection in a Region can have."""
    return ("trail", *((home(region),) if is_literal(region) else _HOMES.values()), "none")


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
    there = home(here)
    blind = sorted(d.id for d in detections if d.expression(Source.TRAIL_LOG) is not None)
    if choice == "trail" and group is not None:
        for detection in detections:
            expression = detection.expression(Source.TRAIL_LOG)
            if isinstance(expression, MetricFilter):
                alarms.on_log(detection, expression, group)
        blind = []
    elif choice == "none" and here != there and blind:
        never = [d.id for d in detections if d.id in blind and _only_global(d)]
        partly = [id_ for id_ in blind if id_ not in never]
        lost = [f"these never fire: {', '.join(sorted(never))}"] if never else []
        lost += [f"these only see calls in the stack's Region: {', '.join(partly)}"] if partly else []
        notes.add_warning_v2(
            _BLIND,
            f"events of global services are not seen outside {there}, so that {'; and '.join(lost)}. "
            f"Pass trail= with a log group, or global_events={there!r} and put hardened.GlobalEvents there",
        )
        blind = []
    counted = sorted(d.id for d in detections if d.id in blind and d.expression(Source.EVENTBRIDGE) is None)
    if counted:
        notes.add_warning_v2(
            _UNCOUNTED,
            f"EventBridge cannot count, so that these never fire: {', '.join(counted)}. Pass trail= with a log group",
        )


def _only_global(detection: Detection) -> bool:
    """Return whether EventBridge has the events of a detection only in the home Region, or cannot count them at all."""
    expression = detection.expression(Source.EVENTBRIDGE)
    return not isinstance(expression, EventPattern) or _GLOBAL.issuperset(expression.pattern.get("source", [""]))


def _log_group(trail: Any) -> str | None:
    if trail is None:
        return None
    found = trail.log_group if is_a(TRAIL, trail) else trail
    return None if found is None else str(found.log_group_name)
