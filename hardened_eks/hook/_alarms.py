"""Somebody hears of templates that were not evaluated: a function that failed, was throttled, or could not read one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._functions import alarm, alarm_on_lines
from hardened_eks.hook.variables import BROKEN

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.alerts import AlertChannel

_NAMESPACE: Final = "HardenedEKS/Hook"
NOT_JUDGED: Final = f'{{ $.event = "{BROKEN}" }}'
"""What the function logs where it could not evaluate."""


def add_alarms(scope: Construct, *, function_name: str, log_group_name: str, channel: AlertChannel) -> None:
    """Tell a channel.

    Args:
        scope: where filter and alarms go.
        function_name: the function.
        log_group_name: its log group.
        channel: who is told.
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
        title="EKS hook: not judged",
        text=(
            "EKS hook: not judged. A template could not be read or judged, or the waivers of the account not be read. "
            "The hook failed, so its failure mode decided. The log of the function says why."
        ),
        namespace=_NAMESPACE,
    )
    alarm(
        scope,
        "Errors",
        channel,
        title="EKS hook failed",
        text="EKS hook failed: its function ended with an error or ran out of time, so nothing was judged.",
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
