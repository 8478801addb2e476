"""What an argument that explains how long a log is kept must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._tokens import is_number_token
from hardened_eks.data.retention import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator


def retention_problems(argument: str, days: object) -> Iterator[str]:
    """Yield what is wrong with a log retention.

    Args:
        argument: its name, for the message.
        days: the argument.
    """
    if is_number_token(days):
        return
    if days not in DAYS or isinstance(days, bool):
        allowed = ", ".join(map(str, DAYS))
        yield f"{argument} needs a number of days that CloudWatch Logs has ({allowed}), got {days!r}"
