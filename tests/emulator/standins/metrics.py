"""A stand-in for metric filters: PutLogEvents of a log group runs its filters, and what they publish reaches the alarms.

Also TestMetricFilter, and what CloudWatch Logs refuses: a pattern it cannot read, a filter on a group of the class
INFREQUENT_ACCESS, and more than 100 filters on a group.

Not here: dimensions of more than one selector, the delay of some seconds to minutes, `{...}` patterns over fields that a
log transformer makes. IncomingLogEvents carries the time of the event, where CloudWatch counts its arrival: a test can
put a line into the past.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from tests.detections.metric_filters import InvalidPattern, matches
from tests.emulator.standins import alarms

_MOST = 100


def install() -> None:
    """Put the stand-in into ministack's CloudWatch Logs."""
    from ministack.services import cloudwatch_logs as logs

    put_events, put_filter, handle = logs._put_log_events, logs._put_metric_filter, logs.handle_request

    def put_log_events(data: dict[str, Any]) -> Any:
        answer = put_events(data)
        if answer[0] == 200:
            observe(data["logGroupName"], data.get("logEvents", []))
        return answer

    def put_metric_filter(data: dict[str, Any]) -> Any:
        problem = _refusal(data)
        return _invalid(problem) if problem else put_filter(data)

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        if str(headers.get("x-amz-target", "")).endswith(".TestMetricFilter"):
            return _test_metric_filter(json.loads(body))
        return await handle(method, path, headers, body, query)

    logs._put_log_events, logs._put_metric_filter = put_log_events, put_metric_filter
    logs.handle_request = handle_request


def observe(group: str, events: list[dict[str, Any]]) -> None:
    """Publish the datapoints of all metric filters of `group`, and AWS's own count of its events; look at the alarms."""
    from ministack.services import cloudwatch_logs

    touched = {alarms.series_key("AWS/Logs", "IncomingLogEvents", {"LogGroupName": group})}
    for event in events:
        at = min(event["timestamp"] / 1000, time.time())
        _store("AWS/Logs", "IncomingLogEvents", 1, at, {"LogGroupName": group})
    for found in list(cloudwatch_logs._metric_filters.values()):
        if found["logGroupName"] == group:
            for event in events:
                at = min(event["timestamp"] / 1000, time.time())
                for change in found["metricTransformations"]:
                    for value, dimensions in _values(found["filterPattern"], event["message"], change):
                        series = change["metricNamespace"], change["metricName"]
                        touched.add(alarms.series_key(*series, dimensions))
                        _store(*series, value, at, dimensions)
    alarms.evaluate(*touched)


def _store(namespace: str, name: str, value: float, at: float, dimensions: dict[str, str]) -> None:
    from ministack.services import cloudwatch

    cloudwatch._store_datum(namespace, name, dimensions, at, "None", value, None, None, None)


def _values(pattern: str, line: str, change: dict[str, Any]) -> Iterator[tuple[float, dict[str, str]]]:
    if not matches(pattern, line):
        if change.get("defaultValue") is not None:
            yield float(change["defaultValue"]), {}
        return
    value = change["metricValue"]
    if value.startswith("$"):
        value = _selected(line, value)
    dimensions = {name: _selected(line, path) for name, path in (change.get("dimensions") or {}).items()}
    if value is not None and all(found is not None for found in dimensions.values()):
        yield float(value), {name: str(found) for name, found in dimensions.items()}


def _selected(line: str, selector: str) -> Any:
    """Return the value of ``$.a.b[0]`` in a JSON line."""
    value: Any = json.loads(line)
    for step in selector.removeprefix("$").replace("[", ".").replace("]", "").strip(".").split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _refusal(data: dict[str, Any]) -> str:
    from ministack.services import cloudwatch_logs as logs

    group = data.get("logGroupName")
    if logs._log_groups.get(group, {}).get("logGroupClass") == "INFREQUENT_ACCESS":
        return f"Metric filters are not supported for the log group {group} of the class INFREQUENT_ACCESS"
    others = [name for name, filter_ in logs._metric_filters if name == group and filter_ != data.get("filterName")]
    if len(others) >= _MOST:
        return f"{group} has {_MOST} metric filters; that is the limit"
    try:
        matches(data.get("filterPattern", ""), "{}")
    except InvalidPattern as error:
        return f"Invalid metric filter pattern: {error}"
    return ""


def _invalid(problem: str) -> Any:
    from ministack.core.responses import error_response_json

    return error_response_json("InvalidParameterException", problem, 400)


def _test_metric_filter(data: dict[str, Any]) -> Any:
    from ministack.core.responses import json_response

    try:
        lines = enumerate(data["logEventMessages"], 1)
        found = [
            {"eventNumber": number, "eventMessage": line, "extractedValues": {}}
            for number, line in lines
            if matches(data["filterPattern"], line)
        ]
    except InvalidPattern as error:
        return _invalid(f"Invalid metric filter pattern: {error}")
    return json_response({"matches": found})
