"""A headless Chromium, controlled through the pipe of its debugging protocol, without a driver or another package."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)  # fmt: skip
_PIPES = 'exec "$@" 3<&{} 4>&{}'  # Chromium reads commands from 3 and writes answers to 4
_TIMEOUT = 60.0


class BrowserError(Exception):
    """Chromium exited, answered with an error, or did not respond in time."""


class Browser:
    """A browser with one tab. Use it in a ``with`` statement."""

    def __init__(self) -> None:
        if CHROMIUM is None:
            raise BrowserError("no Chromium: apt-get install chromium")
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"]
        environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}  # a faked clock
        self._process = subprocess.Popen(
            ["bash", "-c", _PIPES.format(theirs_in, theirs_out), "bash", *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer, self._number, self._session = b"", 0, ""
        self.requested: list[str] = []
        """URLs of all requests of the current page, in order."""
        self.complaints: list[str] = []
        """Console errors and uncaught exceptions of the current page."""

    def __enter__(self) -> Self:
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=_TIMEOUT)
        os.close(self._in)
        os.close(self._out)
        self._profile.cleanup()

    def open(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True) -> None:
        """Load a page and wait until it is complete. Clears `requested` and `complaints`."""
        self.requested.clear()
        self.complaints.clear()
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._call("Emulation.setScriptExecutionDisabled", value=not script)
        self._call("Page.navigate", url="about:blank")
        self._call("Page.navigate", url=url)
        address = json.dumps(url.partition("#")[0])
        self.wait(f"location.href.split('#')[0] === {address} && document.readyState === 'complete'")

    def ask(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page, even if scripts are disabled for the page."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, expression: str, seconds: float = 20) -> Any:
        """Return the value of an expression as soon as it is true.

        Raises:
            BrowserError: the expression is not true within the given time.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                found = self.ask(expression)
            except BrowserError:  # the page is being replaced
                found = None
            if found:
                return found
            time.sleep(0.05)
        raise BrowserError(f"not true within {seconds:.0f} seconds: {expression}")

    def picture(self, file: Path) -> None:
        """Write the visible part of the page to a PNG file."""
        answer = self._call("Page.captureScreenshot", format="png", optimizeForSpeed=False)
        file.write_bytes(base64.b64decode(answer["data"]))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                found: dict[str, Any] = answer["result"]
                return found
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        parameters = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            self.requested.append(parameters["request"]["url"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"])[:500])
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.complaints.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], _TIMEOUT)[0]:
                raise BrowserError(f"no answer within {_TIMEOUT:.0f} seconds")
            chunk = os.read(self._in, 1 << 20)
            if not chunk:
                raise BrowserError("Chromium ended")
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found
