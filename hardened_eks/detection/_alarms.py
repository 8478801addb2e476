"""Metric filters on the control-plane log, and alarms."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._l1 import create
from hardened_eks._records import dataclass
from hardened_eks.alerts._actions import actions_of
from hardened_eks.alerts._channel import Sender, apart
from hardened_eks.detection._messages import described
from hardened_eks.detection._names import camel
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hardened_eks.alerts import AlertChannel
    from hardened_eks.detections import Detection, MetricAlarm, MetricFilter, Parameters

_BAND_WIDTH: Final = 3
"""Width of the normal band in standard deviations."""
_BAND_PERIODS: Final = 3
_TOGETHER: Final = 10
"""Maximum alarms in one rule of a channel: their ARNs are in its pattern, which may have 2,048 characters."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An alarm on metrics, or on a query."""

    arn: str
    severity: Severity
    resolves: bool
    """Whether the end of the alarm ends the incident: not for alarms on lines of a log."""
    tell: Callable[[list[str] | None], object]
    """Sets the actions of the alarm, after all alarms of its severity are known."""


class Alarms(Construct):
    """The alarms of one cluster."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        path: str,
        cluster_name: str,
        channel: AlertChannel,
        observed: bool,
        parameters: Parameters,
        runbook: str | None,
    ) -> None:
        """Create the scope without alarms.

        Args:
            scope: the parent construct.
            id: construct ID.
            path: construct path of the scope.
            cluster_name: name of the cluster, which is part of the metrics' names.
            channel: the channel that receives the alerts.
            observed: whether Container Insights sends metrics of the cluster. Without it, alarms on them never fire.
            parameters: values of the expressions.
            runbook: URL of the runbook page.
        """
        super().__init__(scope, id)
        self.namespace = f"HardenedEks/{cluster_name}"
        """The namespace of the filters' metrics."""
        self._channel, self._parameters, self._runbook = channel, parameters, runbook
        self._observed = observed
        self._hash = hashlib.sha256(path.encode()).hexdigest()[:6]
        self.watched: list[Watched] = []

    def on_log(self, detection: Detection, expression: MetricFilter, log_group_name: str) -> None:
        """Count matching lines of a log group, and create alarms on the count."""
        id_, text = camel(detection.id), self.described(detection)
        self._count(f"{id_}Filter", log_group_name, expression.filled(self._parameters), detection.id)
        metric = {"namespace": self.namespace, "metricName": detection.id}
        for kind, settings in (
            ("Alarm", _threshold(metric, expression)),
            *([("Anomaly", _band(metric, expression))] if expression.anomaly else []),
        ):
            self._add(f"{id_}{kind}", detection.severity, resolves=False, alarm_description=text, **settings)

    def _count(self, id: str, log_group_name: str, pattern: str, metric: str) -> None:
        """Create a metric filter."""
        create(
            logs.CfnMetricFilter,
            self,
            id,
            log_group_name=log_group_name,
            filter_pattern=pattern,
            # No default value, because it would publish (and bill) the metric all the time.
            metric_transformations=[
                {"metricNamespace": self.namespace, "metricName": metric, "metricValue": "1", "unit": "Count"}
            ],
        )

    def on_metrics(self, detection: Detection, expression: MetricAlarm, log_group_name: str) -> None:
        """Create alarms on metrics, of AWS or of lines of the control-plane log."""
        filled = expression.filled(self._parameters)
        text = self.described(detection)
        for alarm in filled.get("AnyOf", [filled]):
            if alarm["Namespace"] == "ContainerInsights" and not self._observed:
                continue
            id_ = f"{camel(detection.id)}{camel(alarm['MetricName'])}"
            settings = {_snake(name): value for name, value in alarm.items()}
            if pattern := settings.pop("filter_pattern", ""):
                self._count(f"{id_}Filter", log_group_name, pattern, alarm["MetricName"])
            settings["dimensions"] = [{"name": d["Name"], "value": d["Value"]} for d in settings["dimensions"]] or None
            self._add(id_, detection.severity, resolves=True, alarm_description=text, **settings)

    def _add(self, id: str, severity: Severity, *, resolves: bool, **properties: Any) -> None:
        """Add an alarm on metrics, which `finish` creates. Its name is fixed, so that channels know its ARN before."""
        name = f"{_owner.stack_name()}-{id}-{self._hash}"

        def make(actions: list[str] | None) -> object:
            return create(cloudwatch.CfnAlarm, self, id, alarm_name=name, alarm_actions=actions, **properties)

        arn = _aws.arn("cloudwatch", f"alarm:{name}")
        self.watched.append(Watched(arn, severity, resolves=resolves, tell=make))

    def adopt(self, alarm: cloudwatch.CfnLogAlarm, severity: Severity) -> None:
        """Add an existing alarm on a query to those that notify the channel."""

        def tell(actions: list[str] | None) -> None:
            alarm.alarm_actions = actions

        self.watched.append(Watched(alarm.attr_arn, severity, resolves=False, tell=tell))

    def described(self, detection: Detection) -> str:
        """Return the description of the alarm of a detection."""
        return described(detection, self._parameters, self._runbook)

    def finish(self) -> None:
        """Create the alarms and connect them with the channel, for each severity and kind at once.

        Raises:
            ConfigurationError: the channel has more targets than an alarm can have actions.
        """
        for severity in Severity:
            ours = [one for one in self.watched if one.severity is severity]
            alike = ([one for one in ours if one.resolves is resolves] for resolves in (True, False))
            packs = (pack for some in alike for pack in batched(some, _TOGETHER))
            for number, some in enumerate(packs, 1):
                arn, *also = (one.arn for one in some)
                sender = Sender(
                    service="cloudwatch.amazonaws.com", arn=arn, also=tuple(also), severity=severity,
                    resolves=some[0].resolves,
                )  # fmt: skip
                scope = apart(self, f"{severity.capitalize()}{number}", self._channel, sender)
                actions = actions_of(scope, sender, self._channel)
                for one in some:
                    one.tell(actions or None)

    def changes(self, ids: Iterable[str]) -> dict[str, Any]:
        """Return the event pattern that matches an alarm of one of these detections that goes into ALARM."""
        metric = {"namespace": [self.namespace], "name": sorted(ids)}
        return {
            "source": ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            "detail": {
                "state": {"value": ["ALARM"]},
                "configuration": {"metrics": {"metricStat": {"metric": metric}}},
            },
        }


def _threshold(metric: Mapping[str, str], expression: MetricFilter) -> dict[str, Any]:
    return {
        "namespace": metric["namespace"],
        "metric_name": metric["metricName"],
        "statistic": "Sum",
        "period": expression.period,
        "evaluation_periods": 1,
        "threshold": expression.threshold,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "treat_missing_data": "notBreaching",
    }


def _band(metric: Mapping[str, str], expression: MetricFilter) -> dict[str, Any]:
    stat = {"metric": dict(metric), "period": expression.period, "stat": "Sum"}
    return {
        "metrics": [
            {"id": "count", "metricStat": stat, "returnData": True},
            {"id": "band", "expression": f"ANOMALY_DETECTION_BAND(count, {_BAND_WIDTH})", "returnData": True},
        ],
        "threshold_metric_id": "band",
        "evaluation_periods": _BAND_PERIODS,
        "datapoints_to_alarm": _BAND_PERIODS - 1,
        "comparison_operator": "GreaterThanUpperThreshold",
        "treat_missing_data": "notBreaching",
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def batched(items: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    """Yield `items` in parts of at most `most`."""
    for start in range(0, len(items), most):
        yield items[start : start + most]
