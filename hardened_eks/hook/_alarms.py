"""Alerts on templates that were not evaluated: the function failed, was throttled, or could not read a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._functions import alarm, alarm_on_lines
from hardened_eks.hook.variables import BROKEN

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.alerts import AlertChannel

_NAMESPACE: Final = "HardenedEKS/Hook"
NOT_JUDGED: Final = f'{{ $.event = "{BROKEN}" }}'
"""Filter pattern for the function's log line on a template that it could not evaluate."""


def add_alarms(scope: Construct, *, function_name: str, log_group_name: str, channel: AlertChannel) -> None:
    """Create the alarms, and connect them with a channel.

    Args:
        scope: the parent construct of the filter and the alarms.
        function_name: name of the function.
        log_group_name: name of its log group.
        channel: the channel that is notified.
    """
    of_lambda: dict[str, Any] = {
        "namespace": "AWS/Lambda",
        "dimensions": [{"name": "FunctionName", "value": function_name}],
    }
    alarm_on_lines(
        scope,
        "NotJudged",
        channel,
        log_group_name=log_group_name,
        pattern=NOT_JUDGED,
        lines="NotJudgedLines",
        metric="NotJudged",
        title="EKS hook: not evaluated",
        text=(
            "EKS hook: not evaluated. A template or the waivers of the account could not be read, or a template not "
            "evaluated. The hook failed, so its failure mode decided. The log of the function has the reason."
        ),
        namespace=_NAMESPACE,
    )
    alarm(
        scope,
        "Errors",
        channel,
        title="EKS hook failed",
        text="EKS hook failed: its function ended with an error or ran out of time, so nothing was evaluated.",
        **of_lambda,
        metric_name="Errors",
    )
    alarm(
        scope,
        "Throttles",
        channel,
        title="EKS hook throttled",
        text=(
            "EKS hook throttled: CloudFormation could not call its function. Raise the account's quota of concurrent "
            "executions."
        ),
        **of_lambda,
        metric_name="Throttles",
    )
