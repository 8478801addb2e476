"""Follow a page: save its files, type its commands, compare what comes with what the page shows."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from tools.walk.blocks import Block, WalkError, missing
from tools.walk.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_SECONDS = 60
"""For what the second terminal has to show after a command of the first."""


class Walk:
    """Somebody who follows a page, with a terminal and a second one where the page opens it."""

    def __init__(self, folder: Path, variables: Mapping[str, str], say: Callable[[str], None] = print) -> None:
        self._folder, self._variables, self._say = folder, variables, say
        self.first = Terminal(folder, variables)
        self.second: Terminal | None = None

    def follow(self, blocks: list[Block]) -> None:
        """Do what each block asks for, in the order of the page.

        Raises:
            WalkError: A command fails, does not show what the page shows, or the page cannot be followed.
        """
        for block in blocks:
            if block.file:
                self._save(block)
            elif block.inserted:
                self._insert(block)
            elif block.second and block.commands:
                self._open(block)
            elif block.second:
                self._look(block)
            elif block.commands:
                self._type(block)
            else:
                raise WalkError(f"nobody knows what to do with this block:\n{block.text}")

    def here(self) -> Path:
        """Return the folder in which the first terminal is."""
        from pathlib import Path

        return Path(self.first.run("pwd")[1].strip())

    def close(self) -> None:
        for terminal in (self.second, self.first):
            if terminal:
                terminal.close()

    def _save(self, block: Block) -> None:
        (self.here() / block.file).write_text(block.text, encoding="utf-8")
        self._say(f"saved {block.file}")

    def _insert(self, block: Block) -> None:
        name, line = block.inserted or ("", "")
        file = self.here() / name
        text = file.read_text(encoding="utf-8")
        if text.count(f"\n{line}\n") != 1:
            raise WalkError(f"{name} has not one line {line!r}")
        file.write_text(text.replace(f"\n{line}\n", f"\n{block.text.rstrip()}\n{line}\n"), encoding="utf-8")
        self._say(f"added to {name}: {block.text.strip()}")

    def _type(self, block: Block) -> None:
        whole = ""
        for command in block.commands:
            started = time.monotonic()
            status, shown = self.first.run(command)
            whole += shown
            self._say(f"$ {command}   [{time.monotonic() - started:.1f} s, status {status}]")
            # A console that shows a failure says so by its output.
            if status and not block.output:
                raise WalkError(f"{command} ended with {status}:\n{shown[-4000:]}")
        if absent := list(missing(block.output, whole)):
            raise WalkError(f"{block.commands} do not show {absent[0]!r}, but:\n{whole[-4000:]}")

    def _open(self, block: Block) -> None:
        """Start what the page starts in a second terminal, in the same folder, and wait until it listens."""
        self.second = Terminal(self.here(), self._variables)
        for command in block.commands:
            self._say(f"second terminal $ {command}")
            self.second.type(command)
        self.second.wait(re.compile(r"listens on http://\S+"), 900)

    def _look(self, block: Block) -> None:
        if self.second is None:
            raise WalkError("the page reads a second terminal that it does not open")
        deadline = time.monotonic() + _SECONDS
        while absent := list(missing(block.output, self.second.shown)):
            self.second.read()
            if time.monotonic() > deadline:
                raise WalkError(f"the second terminal does not show {absent[0]!r}, but:\n{self.second.shown[-4000:]}")
        self._say("second terminal:\n" + self.second.shown[self.second.shown.index(block.output[0]) :].rstrip())
