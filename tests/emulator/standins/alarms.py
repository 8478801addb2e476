"""A stand-in for CloudWatch's evaluation of alarms, and for the event that each change of state is.

ministack's own adds up all series of a metric and ignores periods, `DatapointsToAlarm` and missing data. This one looks
at the dimensions of the alarm, at the last `EvaluationPeriods` periods, and treats missing ones as the alarm says. The
current period counts as soon as it has a datapoint. An alarm is evaluated when a datapoint of its metric arrives, and all
are when somebody describes alarms or calls PutMetricData; there is no clock, so silence is told then and not before.

An alarm over an anomaly band (`Metrics` with one metric and ``ANOMALY_DETECTION_BAND(m, k)``): the band is the mean of the
two weeks before, plus and minus k standard deviations, once there are three periods with data. AWS trains a model with
hours and weekdays. Of other expressions it knows the sum of all metrics, and one metric in periods without another
(``IF(FILL(a, 0) > 0 AND FILL(b, 0) == 0, 1, 0)``); any other is refused.

Not here: high-resolution alarms that need sub-minute periods, `EvaluateLowSampleCountPercentile`, mute rules; log alarms are in `log_alarms`.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from datetime import UTC, datetime
from typing import Any

_BAND = re.compile(r"ANOMALY_DETECTION_BAND\(\s*(\w+)\s*(?:,\s*([\d.]+)\s*)?\)")
_ALONE = re.compile(r"IF\(FILL\((\w+), 0\) > 0 AND FILL\((\w+), 0\) == 0, 1, 0\)")
_SIGNS = {
    "GreaterThanOrEqualToThreshold": lambda value, low, high: value >= high,
    "GreaterThanThreshold": lambda value, low, high: value > high,
    "LessThanThreshold": lambda value, low, high: value < low,
    "LessThanOrEqualToThreshold": lambda value, low, high: value <= low,
    "GreaterThanUpperThreshold": lambda value, low, high: value > high,
    "LessThanLowerThreshold": lambda value, low, high: value < low,
    "LessThanLowerOrGreaterThanUpperThreshold": lambda value, low, high: value < low or value > high,
}
_TRAINED = 3
_SUM = "SUM(METRICS())"


def install() -> None:
    """Put the stand-in into ministack's CloudWatch and into its CloudFormation."""
    from ministack.services import cloudwatch
    from ministack.services.cloudformation import provisioners

    describe, dispatch = cloudwatch._describe_alarms, cloudwatch._dispatch_alarm_actions
    record = provisioners._cw_metric_alarm_record

    def describe_alarms(*arguments: Any, **more: Any) -> Any:
        _evaluate_all()
        return describe(*arguments, **more)

    def dispatch_alarm_actions(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        emit(alarm, old, new, reason)
        dispatch(alarm, old, new, reason)

    def metric_alarm_record(name: str, props: dict[str, Any]) -> dict[str, Any]:
        if not props.get("Metrics"):
            return record(name, props)  # type: ignore[no-any-return]
        return record(name, _flat(props)) | {"Metrics": props["Metrics"]}

    cloudwatch._describe_alarms, cloudwatch._dispatch_alarm_actions = describe_alarms, dispatch_alarm_actions
    cloudwatch._evaluate_alarm, cloudwatch._evaluate_all_alarms = lambda alarm: None, _evaluate_all
    provisioners._cw_metric_alarm_record = metric_alarm_record


def _flat(props: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of an alarm on the metric of an anomaly band."""
    stats = [entry for entry in props["Metrics"] if "MetricStat" in entry]
    bands = [entry for entry in props["Metrics"] if "Expression" in entry]
    rest = {name: value for name, value in props.items() if name not in {"Metrics", "ThresholdMetricId"}}
    if stats and (_is_sum(props) or _alone(props)):
        stat = stats[0]["MetricStat"]
        return {**rest, **stat["Metric"], "Statistic": stat["Stat"], "Period": stat["Period"]}
    found = _BAND.fullmatch(bands[0]["Expression"].strip()) if len(stats) == len(bands) == 1 else None
    if found is None or found[1] != stats[0]["Id"] or props.get("ThresholdMetricId") != bands[0]["Id"]:
        raise ValueError(
            f"this stand-in knows {_SUM}, and ANOMALY_DETECTION_BAND of one metric only, got {props['Metrics']}"
        )
    stat = stats[0]["MetricStat"]
    return {**rest, **stat["Metric"], "Statistic": stat["Stat"], "Period": stat["Period"], "Threshold": 0}


Series = tuple[str, str, str]


def series_key(namespace: str, name: str, dimensions: dict[str, str]) -> Series:
    """Return what names a series of a metric."""
    return namespace, name, "|".join(f"{key}={value}" for key, value in sorted(dimensions.items()))


def evaluate(*series: Series) -> None:
    """Evaluate the alarms on these series: a datapoint has arrived."""
    from ministack.services import cloudwatch

    _evaluate([alarm for alarm in cloudwatch._alarms.values() if not set(series).isdisjoint(_watched(alarm))])


def _watched(alarm: dict[str, Any]) -> list[Series]:
    if not alarm.get("MetricName"):
        return []
    found = [entry["MetricStat"]["Metric"] for entry in alarm.get("Metrics") or [] if "MetricStat" in entry]
    return [
        series_key(m["Namespace"], m["MetricName"], {d["Name"]: d["Value"] for d in m.get("Dimensions") or []})
        for m in found or [alarm]
    ]


def _evaluate_all() -> None:
    from ministack.services import cloudwatch

    _evaluate(list(cloudwatch._alarms.values()))


def _evaluate(alarms: list[dict[str, Any]]) -> None:
    from ministack.services import cloudwatch

    for alarm in alarms:
        state, reason = _state(alarm)
        old = alarm["StateValue"]
        if state and state != old:
            alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
            cloudwatch._record_history(alarm["AlarmName"], old, state, reason)
            cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
            cloudwatch._evaluate_parent_alarms(alarm)


def _state(alarm: dict[str, Any]) -> tuple[str, str]:
    """Return the state an alarm should be in, and why; an empty one: as it is."""
    series, period = _series(alarm), int(alarm["Period"])
    current = int(time.time() // period)
    newest = current if current in series else current - 1
    count = int(alarm["EvaluationPeriods"])
    values = [series.get(newest - back) for back in range(count)]
    low, high = alarm["Threshold"], alarm["Threshold"]
    if alarm.get("Metrics") and not _is_sum(alarm) and not _alone(alarm):
        before = [value for at, value in series.items() if at <= newest - count]
        if len(before) < _TRAINED:
            return "", ""
        width = float(_BAND.search(json.dumps(alarm["Metrics"]))[2] or 2) * statistics.pstdev(before)  # type: ignore[index]
        low, high = statistics.fmean(before) - width, statistics.fmean(before) + width
    treat = alarm.get("TreatMissingData") or "missing"
    seen = [value for value in values if value is not None]
    if not seen and treat in {"missing", "ignore"}:
        return ("INSUFFICIENT_DATA" if treat == "missing" else ""), "no datapoints were received"
    beyond = _SIGNS[alarm["ComparisonOperator"]]
    bad = sum(beyond(value, low, high) for value in seen) + (treat == "breaching") * (count - len(seen))
    state = "ALARM" if bad >= int(alarm.get("DatapointsToAlarm") or count) else "OK"
    word = "datapoints" if count > 1 else "datapoint"
    return state, f"Threshold Crossed: {bad} of {count} {word} {seen or 'missing'} beyond {low:g} to {high:g}"


def _is_sum(alarm: dict[str, Any]) -> bool:
    return _expressions(alarm) == [_SUM]


def _alone(alarm: dict[str, Any]) -> re.Match[str] | None:
    """Return the ids of two metrics, where the alarm is on the first in periods without the second."""
    found = _expressions(alarm)
    return _ALONE.fullmatch(found[0]) if len(found) == 1 else None


def _expressions(alarm: dict[str, Any]) -> list[str]:
    return [entry["Expression"] for entry in alarm.get("Metrics") or [] if "Expression" in entry]


def _series(alarm: dict[str, Any]) -> dict[int, float]:
    """Return the values of an alarm's metric, or of the expression over its metrics, by number of the period."""
    if found := _alone(alarm):
        of = {
            entry["Id"]: _one_series(
                {**entry["MetricStat"]["Metric"], "Period": entry["MetricStat"]["Period"],
                 "Statistic": entry["MetricStat"]["Stat"]}
            )
            for entry in alarm["Metrics"] if "MetricStat" in entry
        }  # fmt: skip
        first, second = of[found[1]], of[found[2]]
        return {at: float(first.get(at, 0) > 0 and second.get(at, 0) == 0) for at in {*first, *second}}
    if not _is_sum(alarm):
        return _one_series(alarm)
    total: dict[int, float] = {}
    for entry in alarm["Metrics"]:
        if "MetricStat" in entry:
            stat = entry["MetricStat"]
            for at, value in _one_series(
                {**stat["Metric"], "Period": stat["Period"], "Statistic": stat["Stat"]}
            ).items():
                total[at] = total.get(at, 0) + value
    return total


def _one_series(alarm: dict[str, Any]) -> dict[int, float]:
    from ministack.services import cloudwatch

    dimensions = {entry["Name"]: entry["Value"] for entry in alarm.get("Dimensions") or []}
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    points: dict[int, list[Any]] = {}
    for point in cloudwatch._metrics.get(key) or []:
        points.setdefault(int(point["Timestamp"] // int(alarm["Period"])), []).append(point)
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    found = {at: cloudwatch._stat_value(cloudwatch._calc_stats(each), stat, each) for at, each in points.items()}
    return {at: value for at, value in found.items() if value is not None}


def emit(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
    """Put the event of a change of state on the default bus."""
    from ministack.services import eventbridge

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    detail = {
        "alarmName": alarm["AlarmName"],
        "state": {"value": new, "reason": reason, "timestamp": now},
        "previousState": {"value": old, "timestamp": now},
        "configuration": {"description": alarm.get("AlarmDescription", ""), "metrics": _metrics(alarm)},
    }
    entry = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm["AlarmArn"]],
        "Detail": json.dumps(detail),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    if "MetricName" not in alarm:  # a composite alarm
        return []
    dimensions = {entry["Name"]: entry["Value"] for entry in alarm.get("Dimensions") or []}
    metric = {"namespace": alarm["Namespace"], "name": alarm["MetricName"], "dimensions": dimensions}
    stat = {"metric": metric, "period": alarm["Period"], "stat": alarm.get("ExtendedStatistic") or alarm["Statistic"]}
    return [{"id": "m1", "metricStat": stat, "returnData": True}]
