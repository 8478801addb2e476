"""An archive of the events that the rules match, to replay them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks.detections import EventPattern, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks._owner import Place
    from hardened_eks.detections import Detection

_LONGEST_NAME: Final = 48
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html"""


def add(
    scope: Construct, place: Place, cluster_name: str, detections: Sequence[Detection], *, key_arn: str, days: int
) -> None:
    """Archive the events with the sources and types of the rules."""
    create(
        events.CfnArchive,
        scope,
        "Archive",
        archive_name=place.name(_LONGEST_NAME),
        description=f"Changes of EKS and findings around cluster {cluster_name}",
        source_arn=_aws.arn("events", "event-bus/default"),
        event_pattern=_of_interest(detections),
        kms_key_identifier=key_arn,
        retention_days=days,
    )


def _of_interest(detections: Sequence[Detection]) -> dict[str, Any]:
    """Return a pattern of sources and types, which is shorter and wider than the rules' patterns."""
    found = [detection.expression(Source.EVENTBRIDGE) for detection in detections]
    patterns = [one.pattern for one in found if isinstance(one, EventPattern) and "source" in one.pattern]
    return {
        "source": sorted({source for pattern in patterns for source in pattern["source"]}),
        "detail-type": sorted({type_ for pattern in patterns for type_ in pattern["detail-type"]}),
    }
