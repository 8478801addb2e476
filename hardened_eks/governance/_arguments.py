"""Checks of the arguments of a trail, and its event selectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks._kinds import LOG_GROUP, instead, is_a
from hardened_eks._patterns import regex
from hardened_eks._signed_code import BUCKET
from hardened_eks._tokens import is_literal
from hardened_eks.governance._bucket import TRAIL_ARN, TrailBucket
from hardened_eks.governance._custody import ArchiveBucket

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME: Final = regex(r"(?!.*[._-]{2})[a-zA-Z0-9][a-zA-Z0-9._-]{1,126}[a-zA-Z0-9]")
_ALL: Final = "all"
_INSIGHTS: Final = ("ApiCallRateInsight", "ApiErrorRateInsight")
MANAGEMENT: Final = {
    "name": "All management events",
    "fieldSelectors": [{"field": "eventCategory", "equalTo": ["Management"]}],
}


def data_selectors(data_events: str | Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the selector of objects, without the trail's own bucket, since each file would cause a further event."""
    if not data_events:
        return
    fields: list[dict[str, Any]] = [
        {"field": "eventCategory", "equalTo": ["Data"]},
        {"field": "resources.type", "equalTo": ["AWS::S3::Object"]},
    ]
    if data_events != _ALL:
        arns = [f"arn:{_aws.partition()}:s3:::{name}/" for name in data_events]
        fields.append({"field": "resources.ARN", "startsWith": arns})
    yield {"name": "Objects", "fieldSelectors": fields}


def insight_selectors() -> Any:
    """Return the selectors of CloudTrail Insights, on management events.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
    """
    return [{"insightType": kind, "eventCategories": ["Management"]} for kind in _INSIGHTS]


def name_problems(name: object) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield (
            "name needs 3 to 128 letters, digits and single ._- between them, known now, since policies name the "
            f"trail, got {name!r}"
        )


def bucket_problems(bucket: object, custody: object) -> Iterator[str]:
    if bucket is None:
        return
    if not isinstance(bucket, TrailBucket | ArchiveBucket):
        yield (
            f"bucket needs a TrailBucket or an ArchiveBucket, got {bucket!r}: for an existing bucket, pass its name, "
            "Region, key and lock as ArchiveBucket(...)"
        )
    elif custody is not None:
        yield "custody is a property of the bucket: pass it to TrailBucket, not together with bucket"


def data_problems(data_events: Any) -> Iterator[str]:
    if data_events == _ALL:
        return
    if isinstance(data_events, str) or not isinstance(data_events, list | tuple):
        yield f"data_events needs 'all' or a list of names of buckets, got {data_events!r}"
        return
    for name in data_events:
        if not isinstance(name, str) or (is_literal(name) and not BUCKET.fullmatch(name)):
            hint = ": pass its name, bucket.bucket_name" if not isinstance(name, str) else ""
            yield f"data_events needs names of buckets, got {name!r}{hint}"


def existing_problems(existing: Any, log_group: Any, given: dict[str, Any]) -> Iterator[str]:
    if log_group is not None and not is_a(LOG_GROUP, log_group):
        yield f"log_group needs {LOG_GROUP.text}, got {log_group!r}{instead(LOG_GROUP, 'log_group', log_group)}"
    if existing is None:
        if log_group is not None:
            yield "log_group is only for an existing trail: pass the trail's ARN as existing_trail_arn, or leave it out"
        return
    if not isinstance(existing, str) or (is_literal(existing) and not TRAIL_ARN.fullmatch(existing)):
        yield f"existing_trail_arn needs an ARN, arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME, got {existing!r}"
    for argument, value in given.items():
        if value is not None:
            yield (
                f"{argument} cannot be set for the existing trail {existing!r}: leave out {argument} or "
                "existing_trail_arn"
            )
