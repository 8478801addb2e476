"""Somebody hears of clusters that could not be read, and of a function that failed or was not called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks import _owner
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import tell
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from hardened_eks.alerts import AlertChannel

_NAMESPACE: Final = "HardenedEKS/ClusterRules"
_DAY: Final = 24 * 3600
UNREADABLE: Final = '{ $.event = "unreadable" }'
"""What the function logs of a cluster that it could not read."""


def add_alarms(scope: Construct, *, function_name: str, log_group_name: str, channel: AlertChannel) -> None:
    """Tell a channel.

    Args:
        scope: where filter and alarms go.
        function_name: the function.
        log_group_name: its log group.
        channel: the channel that receives the alerts.
    """
    metric = f"Unreadable-{_owner.in_stack(scope)}"
    logs.CfnMetricFilter(
        scope,
        "Unreadable",
        log_group_name=log_group_name,
        filter_pattern=UNREADABLE,
        metric_transformations=[{"metricName": metric, "metricNamespace": _NAMESPACE, "metricValue": "1"}],
    )
    dimensions = [{"name": "FunctionName", "value": function_name}]
    of_lambda: dict[str, Any] = {"namespace": "AWS/Lambda", "dimensions": dimensions}
    _alarm(
        scope,
        "NotRead",
        channel,
        title="Cluster not read",
        text=(
            "Cluster not read: AWS Config has no verdict on what runs in it. The log of the function explains why: a "
            "ClusterRole that is not applied, no way to the API, a cluster that is gone."
        ),
        namespace=_NAMESPACE,
        metric_name=metric,
        threshold=0,
        missing="notBreaching",
    )
    _alarm(
        scope,
        "Errors",
        channel,
        title="Config rule failed",
        text="Config rule failed: the function behind it ended with an error. AWS Config keeps old verdicts.",
        **of_lambda,
        metric_name="Errors",
        threshold=0,
        missing="notBreaching",
    )
    _alarm(
        scope,
        "NotCalled",
        channel,
        title="Config rules not run",
        text="Config rules not run: AWS Config has not called the function for two days. Does its recorder run?",
        **of_lambda,
        metric_name="Invocations",
        threshold=1,
        missing="breaching",
        comparison="LessThanThreshold",
        periods=2,
    )


def _alarm(
    scope: Construct,
    id: str,
    channel: AlertChannel,
    *,
    title: str,
    text: str,
    missing: str,
    comparison: str = "GreaterThanThreshold",
    periods: int = 1,
    **measured: Any,
) -> None:
    alarm = cloudwatch.CfnAlarm(
        scope,
        id,
        alarm_description=text,
        statistic="Sum",
        period=_DAY if periods > 1 else 3600,
        evaluation_periods=periods,
        comparison_operator=comparison,
        treat_missing_data=missing,
        **measured,
    )
    sender = Sender(service="cloudwatch.amazonaws.com", arn=alarm.attr_arn, severity=Severity.MEDIUM, title=title)
    tell(Construct(scope, f"{id}Told"), alarm, sender, channel)
