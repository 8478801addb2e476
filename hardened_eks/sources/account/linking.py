"""The alarms that watch parts of a cluster. They are known only when the parts are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.sources.account.found import Found

_OF_CLUSTERS: Final = re.compile(r"(?:AWS/EKS|ContainerInsights\S*|AWS/Usage)")


def watching(alarms: Sequence[Found], found: Sequence[Found]) -> Iterator[Found]:
    """Yield the alarms on metrics of EKS, of a log group or of a resource that was found, then the composite alarms."""
    metrics = {
        (one.get("MetricNamespace"), one.get("MetricName"))
        for resource in found if resource.type == "AWS::Logs::MetricFilter"
        for one in resource.properties["MetricTransformations"]
    }  # fmt: skip
    names = {text for resource in found for text in _names(resource)}
    chosen: set[str] = set()
    for alarm in alarms:
        if alarm.type == "AWS::CloudWatch::Alarm" and any(_watches(m, metrics, names) for m in _metrics(alarm)):
            chosen.add(alarm.id)
            yield alarm
    for alarm in alarms:
        rule = str(alarm.properties.get("AlarmRule", ""))
        if alarm.type == "AWS::CloudWatch::CompositeAlarm" and any(name in rule for name in chosen):
            yield alarm


def _metrics(alarm: Found) -> Iterator[dict[str, Any]]:
    if "MetricName" in alarm.properties:
        yield alarm.properties
    for query in alarm.properties.get("Metrics", ()):
        if query.get("MetricStat"):
            yield query["MetricStat"]["Metric"]


def _watches(metric: dict[str, Any], metrics: set[tuple[Any, Any]], names: set[str]) -> bool:
    return (
        (metric.get("Namespace"), metric.get("MetricName")) in metrics
        or bool(_OF_CLUSTERS.fullmatch(str(metric.get("Namespace"))))
        or any(one.get("Value") in names for one in metric.get("Dimensions", ()))
    )


def _names(resource: Found) -> Iterator[str]:
    yield from (text for text in (resource.id, resource.arn) if text)
    last = resource.type.rpartition("::")[2]
    for key in ("Name", f"{last}Name"):
        if isinstance(resource.properties.get(key), str):
            yield resource.properties[key]
