"""An end to what takes too long: CloudFormation waits 30 seconds, and silence says less than an answer."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class TooLateError(BaseException):
    """The time is up. Not an `Exception`: what makes a finding of a check that breaks must not take it for one."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End the block after some seconds.

    Only the main thread can be ended, where AWS Lambda calls handlers; in another thread there is no end.

    Raises:
        TooLateError: the time is up.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooLateError(f"it took more than {seconds:.0f} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
