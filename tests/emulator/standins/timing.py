"""Something that happens after a while. `threading.Timer` never fires under faketime, whose clock its wait does not follow."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Later:
    """Call a function after some seconds, unless it is canceled before."""

    def __init__(self, seconds: float, function: Callable[..., Any], *arguments: Any) -> None:
        self._canceled = False
        self._call = (seconds, function, arguments)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        seconds, function, arguments = self._call
        time.sleep(seconds)
        if not self._canceled:
            function(*arguments)

    def cancel(self) -> None:
        """Do not call it."""
        self._canceled = True
