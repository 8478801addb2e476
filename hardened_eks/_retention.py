"""The check of an argument with the retention of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._tokens import is_number_token
from hardened_eks.data.retention import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator


def retention_problems(argument: str, days: object) -> Iterator[str]:
    """Yield why a log retention is invalid.

    Args:
        argument: name of the argument, for the message.
        days: value of the argument.
    """
    if is_number_token(days):
        return
    if days not in DAYS or isinstance(days, bool):
        allowed = ", ".join(map(str, DAYS))
        yield f"{argument} needs a number of days that CloudWatch Logs supports ({allowed}), got {days!r}"
