"""For how many days CloudWatch Logs can keep a log; pure.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._tokens import is_number_token

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def retention_problems(argument: str, days: object) -> Iterator[str]:
    """Say what is wrong with a log retention.

    Args:
        argument: its name, for the message.
        days: what was given.
    """
    if is_number_token(days):
        return
    if days not in DAYS or isinstance(days, bool):
        allowed = ", ".join(map(str, DAYS))
        yield f"{argument} needs a number of days that CloudWatch Logs has ({allowed}), got {days!r}"
