"""Alarms on AWS's metrics, evaluated as CloudWatch does: the last datapoints against the threshold."""

from typing import Any

import pytest

from hardened_eks.detections import Source
from tests.detections.audit import audit, started
from tests.detections.metric_filters import matches
from tests.detections.run import expression

Values = list[float | None]


def in_alarm(alarm: dict[str, Any], values: Values) -> bool:
    """Evaluate one period a value, the newest last; None: no data."""
    signs = {
        "LessThanThreshold": lambda v: v < alarm["Threshold"],
        "GreaterThanThreshold": lambda v: v > alarm["Threshold"],
    }
    missing = alarm["TreatMissingData"] == "breaching"
    recent = values[-alarm["EvaluationPeriods"] :]
    bad = [missing if value is None else signs[alarm["ComparisonOperator"]](value) for value in recent]
    return sum(bad) >= alarm["DatapointsToAlarm"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([900, 0, 0, 0], True),
        ([900, None, None, None], True),
        ([900, None, 0, None], True),
        ([900, 900, 0, 0], False),
        ([0, 0, 0, 1], False),
        ([None, None, 2, None], False),
    ],
)
def test_silence_of_the_log(values: Values, expected: bool) -> None:
    assert in_alarm(expression("audit-silent", Source.ALARM), values) is expected


@pytest.mark.parametrize(
    "line",
    [
        'time="2026-11-29T08:00:00Z" level=info msg="access granted" arn="arn:aws:iam::1:role/a" path="/authenticate"',
        'I1129 08:00:00.000000      11 httplog.go:134] "HTTP" verb="LIST" URI="/apis/audit.k8s.io/v1" resp=200',
        '{"apiVersion":"v1","kind":"Event","reason":"Scheduled"}',
    ],
)
def test_other_control_plane_logs_do_not_hide_that_the_audit_log_is_off(line: str) -> None:
    """All five logs go to one group: with the audit log off, its IncomingLogEvents would stay high."""
    pattern = expression("audit-silent", Source.ALARM)["FilterPattern"]
    assert matches(pattern, audit("get", "pods")) and matches(pattern, started("create", "pods"))
    assert not matches(pattern, line)


HEALTH = {
    "apiserver_request_total_5XX": (51, 50, 5),
    "apiserver_request_duration_seconds_GET_P99": (1.2, 1, 10),
    "apiserver_request_duration_seconds_POST_P99": (1.2, 1, 10),
    "scheduler_pending_pods_UNSCHEDULABLE": (1, 0, 15),
    "cluster_failed_node_count": (1, 0, 10),
}
"""Metric: (a bad value, a good value, minutes that it lasts)."""


def test_health_has_these_metrics() -> None:
    assert [alarm["MetricName"] for alarm in expression("eks-health", Source.ALARM)["AnyOf"]] == list(HEALTH)


@pytest.mark.parametrize("metric", HEALTH)
def test_health(metric: str) -> None:
    (alarm,) = [a for a in expression("eks-health", Source.ALARM)["AnyOf"] if a["MetricName"] == metric]
    bad, good, minutes = HEALTH[metric]
    assert in_alarm(alarm, [bad] * minutes)
    assert in_alarm(alarm, [good, *[bad] * minutes])
    assert not in_alarm(alarm, [*[bad] * (minutes - 1), good])
    assert not in_alarm(alarm, [good] * minutes)
    assert not in_alarm(alarm, [None] * minutes)
