"""A time limit: CloudFormation waits 30 seconds, and an answer is more helpful than a timeout."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class TooLateError(BaseException):
    """The time limit is exceeded. It is not an `Exception`, so that the handler of broken checks does not catch it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit the time of the block.

    This works only in the main thread, in which AWS Lambda calls handlers. In another thread, there is no limit.

    Raises:
        TooLateError: the time limit is exceeded.
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
