"""Events of global services, which EventBridge has only in one Region of each partition: us-east-1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from hardened_eks._asked import region_of
from hardened_eks._kinds import TRAIL, is_a
from hardened_eks.detections import EventPattern, MetricFilter, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks.detection._alarms import Alarms
    from hardened_eks.detections import Detection

_HOME: Final = "us-east-1"
_HOMES: Final = {
    "cn-": "cn-north-1", "us-gov-": "us-gov-west-1", "eusc-": "eusc-de-east-1", "us-iso-": "us-iso-east-1",
    "us-isob-": "us-isob-east-1", "us-isof-": "us-isof-south-1", "eu-isoe-": "eu-isoe-west-1",
}  # fmt: skip
"""The Regions of other partitions for which IAM's requests are signed (botocore, endpoints.json), by the beginning of
the names of the partition's Regions."""
_GLOBAL: Final = frozenset({"aws.iam", "aws.signin", "aws.organizations"})
"""Sources of events that EventBridge has only in the home Region (see `home_of`)."""
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
    home = home_of(here)
    blind = sorted(d.id for d in detections if d.expression(Source.TRAIL_LOG) is not None)
    if choice == "trail" and group is not None:
        for detection in detections:
            expression = detection.expression(Source.TRAIL_LOG)
            if isinstance(expression, MetricFilter):
                alarms.on_log(detection, expression, group)
        blind = []
    elif choice == "none" and here != home and blind:
        never = [d.id for d in detections if d.id in blind and _only_global(d)]
        partly = [id_ for id_ in blind if id_ not in never]
        lost = [f"these never fire: {', '.join(sorted(never))}"] if never else []
        lost += [f"these only see calls in the stack's Region: {', '.join(partly)}"] if partly else []
        notes.add_warning_v2(
            _BLIND,
            f"events of global services are not seen outside {home}, so that {'; and '.join(lost)}. "
            "Pass trail= with a log group, or global_events='us-east-1' and put hardened.GlobalEvents there",
        )
        blind = []
    counted = sorted(d.id for d in detections if d.id in blind and d.expression(Source.EVENTBRIDGE) is None)
    if counted:
        notes.add_warning_v2(
            _UNCOUNTED,
            f"EventBridge cannot count, so that these never fire: {', '.join(counted)}. Pass trail= with a log group",
        )


def home_of(region: str) -> str:
    """Return the Region with the events of IAM, sign-in and Organizations in the partition of a Region.

    In China, the events of Organizations are in cn-northwest-1.
    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """
    return next((home for prefix, home in _HOMES.items() if region.startswith(prefix)), _HOME)


def _only_global(detection: Detection) -> bool:
    """Return whether EventBridge has the events of a detection only in the home Region, or cannot count them at all."""
    expression = detection.expression(Source.EVENTBRIDGE)
    return not isinstance(expression, EventPattern) or _GLOBAL.issuperset(expression.pattern.get("source", [""]))


def _log_group(trail: Any) -> str | None:
    if trail is None:
        return None
    found = trail.log_group if is_a(TRAIL, trail) else trail
    return None if found is None else str(found.log_group_name)
