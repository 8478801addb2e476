"""A terminal in which commands run as a user types them: the CDK asks a question only of a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tools.walk.blocks import WalkError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r")
_QUESTION = re.compile(r"\(y/n\)\s*$")
_END = "walk-ended-with"
_QUIET = {"PS1": "", "PS2": "", "VIRTUAL_ENV_DISABLE_PROMPT": "1"}
"""A prompt would begin the first line of each output."""


def environment(home: Path) -> dict[str, str]:
    """Return what a new user's shell has: a home, the system's programs, and the Node that is installed here."""
    node = shutil.which("node")
    folders = [str(Path(node).parent)] if node else []
    path = ":".join(dict.fromkeys([*folders, "/usr/local/bin", "/usr/bin", "/bin"]))
    return {"HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb", "PATH": path}


class Terminal:
    """A shell that keeps its folder and its variables from one command to the next."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        ours, theirs = pty.openpty()
        command = ["bash", "--norc", "--noprofile", "--noediting"]
        self._process = subprocess.Popen(
            command, cwd=folder, env={**variables, **_QUIET}, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._file = ours
        self.shown = ""
        self.run("stty -echo cols 200", seconds=20)

    def type(self, line: str) -> None:
        os.write(self._file, f"{line}\n".encode())

    def read(self, seconds: float = 0.2) -> str:
        """Return what has come since the last time, and answer "y" to a question."""
        new = b""
        while select.select([self._file], [], [], seconds)[0]:
            try:
                new += os.read(self._file, 65536)
            except OSError as error:  # what Linux answers when nothing is left at the other end
                raise WalkError(f"the shell has ended; it shows:\n{self.shown[-3000:]}") from error
            seconds = 0
        text = _CONTROL.sub("", new.decode(errors="replace"))
        self.shown += text
        if _QUESTION.search(text):
            self.type("y")
        return text

    def run(self, command: str, seconds: float = 900) -> tuple[int, str]:
        """Run a command; return its status and what it shows.

        Raises:
            WalkError: It does not end in time.
        """
        begun, deadline = len(self.shown), time.monotonic() + seconds
        # As one compound command: a second line would be taken for the answer to a question.
        self.type(f"{{ {command}\n}}; echo {_END} $?")
        while time.monotonic() < deadline:
            self.read()
            if found := re.search(rf"{_END} (\d+)\n", self.shown[begun:]):
                return int(found[1]), self.shown[begun : begun + found.start()]
        raise WalkError(f"{command} did not end within {seconds:.0f} s; it shows:\n{self.shown[begun:][-3000:]}")

    def wait(self, wanted: re.Pattern[str], seconds: float, begun: int = 0) -> None:
        """Wait until the terminal shows something.

        Raises:
            WalkError: It does not come in time.
        """
        deadline = time.monotonic() + seconds
        while not wanted.search(self.shown[begun:]):
            self.read()
            if time.monotonic() > deadline:
                raise WalkError(f"no {wanted.pattern!r} within {seconds:.0f} s; shown:\n{self.shown[begun:][-3000:]}")

    def close(self) -> None:
        """Type Ctrl+C and leave the shell."""
        try:
            os.write(self._file, b"\x03")
            self.read(1)
            os.write(self._file, b"exit\n")
            self._process.wait(10)
        except (OSError, WalkError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, 9)
            self._process.wait()
        os.close(self._file)
