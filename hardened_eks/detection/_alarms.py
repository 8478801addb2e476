"""Metric filters on the control-plane log, and alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks.alerts._channel import MOST_TARGETS, Sender
from hardened_eks.detection._messages import described
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.alerts import AlertChannel
    from hardened_eks.detections import Detection, MetricAlarm, MetricFilter, Parameters
    from hardened_eks.severity import Severity

_BAND_WIDTH: Final = 3
"""Standard deviations around what is normal."""
_BAND_PERIODS: Final = 3


@dataclass(frozen=True, slots=True)
class Watched:
    """An alarm, and how its state changes are told from those of others."""

    alarm: cloudwatch.CfnAlarm
    severity: Severity
    metric: str | None
    """Name of its metric in the namespace of the cluster; None for metrics of AWS."""


class Alarms(Construct):
    """The alarms of one cluster; topics are told by the alarms themselves."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster_name: str,
        topics: Sequence[AlertChannel],
        parameters: Parameters,
        runbook: str | None,
    ) -> None:
        """Start without alarms.

        Args:
            scope: where they are created.
            id: construct id.
            cluster_name: names the metrics.
            topics: channels that an alarm can tell without a rule.
            parameters: values of the expressions.
            runbook: URL of the runbook page.
        """
        super().__init__(scope, id)
        self.namespace = f"HardenedEks/{cluster_name}"
        """Of the metrics that the filters count into."""
        self._topics, self._parameters, self._runbook = topics, parameters, runbook
        self.watched: list[Watched] = []

    def on_log(self, detection: Detection, expression: MetricFilter, log_group_name: str) -> None:
        """Count matching lines of a log group, and raise alarms on the count; digests are counted only."""
        scope = Construct(self, camel(detection.id))
        metric_filter = logs.CfnMetricFilter(
            scope,
            "Filter",
            log_group_name=log_group_name,
            filter_pattern=expression.filled(self._parameters),
            # No default value: it would publish, and bill, the metric all the time.
            metric_transformations=[
                {"metricNamespace": self.namespace, "metricName": detection.id, "metricValue": "1", "unit": "Count"}
            ],
        )
        if detection.digest:
            return
        metric = {"namespace": self.namespace, "metricName": detection.id}
        alarm = self.add(
            scope,
            "Alarm",
            detection.severity,
            detection.id,
            alarm_description=described(detection, self._parameters, self._runbook),
            **_threshold(metric, expression),
        )
        alarm.add_resource_dependency(metric_filter)
        if expression.anomaly:
            text = described(detection, self._parameters, self._runbook)
            self.add(scope, "Anomaly", detection.severity, detection.id, alarm_description=text, **_band(metric, expression))

    def on_metrics(self, detection: Detection, expression: MetricAlarm) -> None:
        """Raise alarms on metrics that AWS publishes."""
        filled = expression.filled(self._parameters)
        scope = Construct(self, camel(detection.id))
        for alarm in filled.get("AnyOf", [filled]):
            settings = {_snake(name): value for name, value in alarm.items()}
            settings["dimensions"] = [{"name": d["Name"], "value": d["Value"]} for d in settings["dimensions"]]
            self.add(
                scope,
                camel(alarm["MetricName"].replace("_", "-")),
                detection.severity,
                None,
                alarm_description=described(detection, self._parameters, self._runbook),
                **settings,
            )

    def add(
        self, scope: Construct, id: str, severity: Severity, metric: str | None, **properties: Any
    ) -> cloudwatch.CfnAlarm:
        """Make an alarm that tells the topics.

        Raises:
            ConfigurationError: there are more topics than an alarm can tell.
        """
        alarm = cloudwatch.CfnAlarm(scope, id, **properties)
        sender = Sender(service="cloudwatch.amazonaws.com", arn=alarm.attr_arn, severity=severity)
        actions = [target.arn for topic in self._topics for target in topic.connect(scope, sender)]
        if len(actions) > MOST_TARGETS:
            problem = f"alerts has {len(actions)} topics for one severity, an alarm can tell {MOST_TARGETS}: pass fewer"
            raise ConfigurationError(f"Detection '{self.node.path}'", [problem])
        alarm.alarm_actions = actions or None
        self.watched.append(Watched(alarm, severity, metric))
        return alarm

    def changes(self, *severities: Severity, own_metrics_only: bool = False) -> dict[str, Any]:
        """Return the pattern of events: an alarm of one of these severities goes on."""
        ours = [one for one in self.watched if one.severity in severities]
        names = sorted({one.metric for one in ours if one.metric is not None})
        others = [] if own_metrics_only else [one.alarm.attr_arn for one in ours if one.metric is None]
        by_metric = {
            "detail": {
                "configuration": {
                    "metrics": {"metricStat": {"metric": {"namespace": [self.namespace], "name": names}}}
                }
            }
        }
        by_arn = {"resources": others}
        branches = ([by_metric] if names else []) + ([by_arn] if others else [])
        on = {"state": {"value": ["ALARM"]}}
        pattern: dict[str, Any] = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
        if len(branches) == 2:
            return {**pattern, "detail": on, "$or": branches}
        (branch,) = branches
        return {**pattern, **branch, "detail": {**on, **branch.get("detail", {})}}


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


def camel(id_: str) -> str:
    """Return a construct id: ``k8s-exec`` as ``K8sExec``."""
    return "".join(part[:1].upper() + part[1:] for part in id_.split("-"))


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
