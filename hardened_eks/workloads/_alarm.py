"""The alert on requests of the delivery group outside of deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks._l1 import create
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import tell
from hardened_eks.baseline.groups import DELIVERY_GROUP
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.alerts import AlertChannel

_METRIC: Final = "delivery-requests"
_MINUTE: Final = 60
_LATE: Final = 10
"""Minutes by which records of the audit log may be late in the metric."""
_PLACES: Final = range(3)
"""Possible positions of the group in a user's groups, of which those of the access entry come first."""
_TEXT: Final = (
    "The group {group} used the Kubernetes API of EKS cluster {cluster} in a minute in which the function that "
    "CloudFormation calls did not run: no deployment did that. Read the runbook of k8s-delivery-misused "
    "(docs/reference/detections.md)."
)


def add_alarm(scope: Construct, *, cluster: ClusterLike, function: str, channel: AlertChannel) -> None:
    """Notify a channel of requests in minutes in which the function that CloudFormation calls does not run.

    Args:
        scope: the parent construct of the filter and the alarm.
        cluster: the cluster whose audit log is counted.
        function: name of the function that CloudFormation calls, which runs as long as the handler works.
        channel: the channel that receives the alerts.
    """
    namespace = f"HardenedEks/{cluster.name}"
    ours = " || ".join(f'$.user.groups[{place}] = "{DELIVERY_GROUP}"' for place in _PLACES)
    create(
        logs.CfnMetricFilter,
        scope,
        "Requests",
        log_group_name=f"/aws/eks/{cluster.ref}/cluster",
        filter_pattern="{ " + ours + " }",
        metric_transformations=[
            {"metricNamespace": namespace, "metricName": _METRIC, "metricValue": "1", "unit": "Count"}
        ],
    )
    alarm = create(
        cloudwatch.CfnAlarm,
        scope,
        "Outside",
        alarm_description=_TEXT.format(group=DELIVERY_GROUP, cluster=cluster.name),
        metrics=[
            _measured("requests", namespace, _METRIC, "Sum"),
            _measured("running", "AWS/Lambda", "ConcurrentExecutions", "Maximum", FunctionName=function),
            {
                "id": "outside",
                "label": "requests while the function does not run",
                "expression": "IF(FILL(requests, 0) > 0 AND FILL(running, 0) == 0, 1, 0)",
                "returnData": True,
            },
        ],
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=_LATE,
        datapoints_to_alarm=1,
        treat_missing_data="notBreaching",
    )
    sender = Sender(
        service="cloudwatch.amazonaws.com",
        arn=alarm.attr_arn,
        severity=Severity.CRITICAL,
        title="Delivery used outside a deployment",
        resolves=False,
    )
    tell(Construct(scope, "Told"), alarm, sender, channel)


def _measured(id: str, namespace: str, name: str, statistic: str, **dimensions: str) -> dict[str, Any]:
    metric = {
        "namespace": namespace,
        "metricName": name,
        "dimensions": [{"name": key, "value": value} for key, value in dimensions.items()],
    }
    return {
        "id": id,
        "metricStat": {"metric": metric, "period": _MINUTE, "stat": statistic},
        "returnData": False,
    }
