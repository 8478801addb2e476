"""Alerts on clusters that cannot be read, a failed function, lost calls and missing calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._functions import alarm, alarm_on_lines

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.alerts import AlertChannel

_NAMESPACE: Final = "HardenedEKS/ClusterRules"
UNREADABLE: Final = '{ $.event = "unreadable" }'
"""Filter pattern for the function's log line on a cluster that it could not read."""


def add_alarms(
    scope: Construct, *, function_name: str, log_group_name: str, failed_calls: str, channel: AlertChannel
) -> None:
    """Create the alarms, and connect them with a channel.

    Args:
        scope: the parent construct of the filter and the alarms.
        function_name: name of the function.
        log_group_name: name of its log group.
        failed_calls: name of its queue for calls that failed three times.
        channel: the channel that is notified.
    """
    dimensions = [{"name": "FunctionName", "value": function_name}]
    of_lambda: dict[str, Any] = {"namespace": "AWS/Lambda", "dimensions": dimensions}
    alarm_on_lines(
        scope,
        "NotRead",
        channel,
        log_group_name=log_group_name,
        pattern=UNREADABLE,
        lines="Unreadable",
        metric="Unreadable",
        title="Cluster not read",
        text=(
            "Cluster not read: AWS Config has no verdict on what runs in it. The log of the function explains why: a "
            "ClusterRole that is not applied, no way to the API, a cluster that is gone."
        ),
        namespace=_NAMESPACE,
    )
    alarm(
        scope,
        "Errors",
        channel,
        title="Config rule failed",
        text="Config rule failed: the function behind it ended with an error. AWS Config keeps old verdicts.",
        **of_lambda,
        metric_name="Errors",
    )
    alarm(
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
    alarm(
        scope,
        "Lost",
        channel,
        title="Call of a Config rule lost",
        text=(
            f"Call of a Config rule lost: it failed three times and waits in the queue {failed_calls} for two weeks. "
            "Read the log of the function, mend the cause, then let the rule evaluate again and purge the queue."
        ),
        namespace="AWS/SQS",
        dimensions=[{"name": "QueueName", "value": failed_calls}],
        metric_name="ApproximateNumberOfMessagesVisible",
        statistic="Maximum",
        period=300,
    )
