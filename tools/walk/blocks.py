"""The blocks of code of a page: of a built page of the site, and of its Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = "second terminal"
"""The title of a block that is typed, or read, in the second terminal of a page."""
_FENCE = re.compile(
    r'^(?P<indent> *)```(?P<language>\w+)(?: title="(?P<title>[^"]*)")?\n(?P<text>.*?)^(?P=indent)```',
    re.DOTALL | re.MULTILINE,
)
_NAMED = re.compile(r"# ([\w.-]+\.ya?ml)\n")
_INSERTED = re.compile(r"(?P<file>[\w.-]+), before (?P<line>.+)")


class WalkError(Exception):
    """A page that nobody can follow, or a command that does not do what the page says."""


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    title: str
    text: str

    @property
    def file(self) -> str:
        """Name of the file that the block is to be saved as; empty for other blocks."""
        named = _NAMED.match(self.text) if self.language == "yaml" else None
        name = named[1] if named else self.title
        return name if PurePosixPath(name).suffix and " " not in name else ""

    @property
    def inserted(self) -> tuple[str, str] | None:
        """The file that the block is added to, and the line before which it goes."""
        found = _INSERTED.fullmatch(self.title)
        return (found["file"], found["line"]) if found else None

    @property
    def second(self) -> bool:
        return self.title == SECOND

    @property
    def commands(self) -> list[str]:
        """The commands: every line of a script, the lines after ``$`` of a console."""
        if self.language == "sh":
            lines = self.text.replace("\\\n", " ").splitlines()
            return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if self.language == "console":
            return re.findall(r"^\$ (.*)$", self.text, re.MULTILINE)
        return []

    @property
    def output(self) -> list[str]:
        """The lines that a console, or the second terminal, shows: each begins a line of the output, in this order."""
        if self.language not in {"console", "text"}:
            return []
        lines = [line for line in self.text.splitlines() if not line.startswith("$ ")]
        return [line for line in lines if line.strip() not in {"", "..."}]


def of_markdown(text: str) -> list[Block]:
    """Return the blocks of a page as it is written."""
    return [
        Block(one["language"], one["title"] or "", re.sub(rf"(?m)^{one['indent']}", "", one["text"]))
        for one in _FENCE.finditer(text)
    ]


def of_html(text: str) -> list[Block]:
    """Return the blocks of a page that MkDocs built."""
    page = _Page()
    page.feed(text)
    return page.blocks


class _Page(HTMLParser):
    """Collects the blocks that pymdownx.highlight writes."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._language = self._title = self._text = ""
        self._in, self._depth = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = (dict(attrs).get("class") or "").split()
        if tag == "div" and "highlight" in names:
            self._language = next((one.removeprefix("language-") for one in names if one.startswith("language-")), "")
            self._title = self._text = ""
            self._depth = 1
        elif self._depth and tag == "span" and "filename" in names:
            self._in = "title"
        elif self._depth and tag == "code":
            self._in = "code"

    def handle_endtag(self, tag: str) -> None:
        if self._in == "title" and tag == "span":
            self._in = ""
        elif self._in == "code" and tag == "code":
            self._in, self._depth = "", 0
            self.blocks.append(Block(self._language, self._title, self._text))

    def handle_data(self, data: str) -> None:
        if self._in == "title":
            self._title += data
        elif self._in == "code":
            self._text += data


def missing(wanted: list[str], shown: str) -> Iterator[str]:
    """Yield the expected lines that the output does not have, in their order."""
    rest = shown.splitlines()
    for line in wanted:
        at = next((number for number, one in enumerate(rest) if one.strip().startswith(line.strip())), None)
        if at is None:
            yield line
        else:
            rest = rest[at + 1 :]
