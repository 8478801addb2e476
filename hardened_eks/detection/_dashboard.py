"""The CloudWatch dashboard of a detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks.detection._machines import as_json
from hardened_eks.detection._queries import REFUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks._owner import Place
    from hardened_eks.detection._alarms import Watched
    from hardened_eks.detections import Detection

_LONGEST_NAME: Final = 255
_WIDTH: Final = 24
_MOST_ALARMS: Final = 100
"""Limits of a widget: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"""
_LAST_CHANGES: Final = (
    "fields @timestamp, user.username, sourceIPs.0, verb, objectRef.namespace, objectRef.resource, objectRef.name "
    "| filter @logStream like 'kube-apiserver-audit' and stage = 'ResponseComplete' "
    "and verb in ['create', 'update', 'patch', 'delete', 'deletecollection'] and responseStatus.code < 300 "
    "and user.username not like /^(system|eks):/ | sort @timestamp desc | limit 25"
)
_HEALTH: Final = (
    ("apiserver_request_total_5XX", "Sum"),
    ("apiserver_request_total_429", "Sum"),
    ("apiserver_request_duration_seconds_GET_P99", "Average"),
    ("scheduler_pending_pods_UNSCHEDULABLE", "Maximum"),
)
"""Metrics of the Kubernetes API, each with its statistic."""


def add(
    scope: Construct,
    *,
    place: Place,
    cluster_name: str,
    log_group_name: str,
    namespace: str,
    watched: Sequence[Watched],
    detections: Sequence[Detection],
    contributors: str,
) -> None:
    """Create the dashboard: alarms, denied principals, recent changes, counted lines, health of the API."""
    region = _aws.region()
    alarms = [one.arn for one in watched]
    widgets = [
        _widget("alarm", 6, {"title": f"Alarms of EKS cluster {cluster_name}", "alarms": alarms[:_MOST_ALARMS]}),
        _widget("log", 8, _log(region, log_group_name, "Who is refused (401, 403), last hours", REFUSED)),
        _widget("log", 8, _log(region, log_group_name, "Last changes by people", _LAST_CHANGES)),
        _metric(
            region, "Refused calls by address and user", period=300,
            insightRule={"maxContributorCount": 10, "orderBy": "Sum", "ruleName": contributors},
            legend={"position": "right"},
        ),
        _metric(
            region, "Lines of the audit log that detections counted", stat="Sum", period=300, view="bar",
            metrics=[[namespace, id_] for id_ in sorted(d.id for d in detections)],
        ),
        _metric(
            region, "Health of the Kubernetes API", period=60,
            metrics=[["AWS/EKS", name, "ClusterName", cluster_name, {"stat": stat}] for name, stat in _HEALTH],
        ),
        _metric(
            region, "Lines of the control-plane log", stat="Sum", period=300,
            metrics=[["AWS/Logs", "IncomingLogEvents", "LogGroupName", log_group_name]],
        ),
    ]  # fmt: skip
    body = {"widgets": _stacked(widgets), "start": "-PT12H", "periodOverride": "inherit"}
    create(
        cloudwatch.CfnDashboard,
        scope,
        "Dashboard",
        dashboard_name=place.name(_LONGEST_NAME),
        dashboard_body=as_json(body),
    )


def _widget(type_: str, height: int, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": type_, "width": _WIDTH, "height": height, "properties": properties}


def _metric(region: str, title: str, **shown: Any) -> dict[str, Any]:
    return _widget("metric", 6, {"title": title, "region": region, **shown})


def _log(region: str, group: str, title: str, query: str) -> dict[str, Any]:
    return {"title": title, "region": region, "view": "table", "query": f"SOURCE '{group}' | {query}"}


def _stacked(widgets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    placed, y = [], 0
    for widget in widgets:
        placed.append({**widget, "x": 0, "y": y})
        y += widget["height"]
    return placed
