"""The command lines of the pages: what a reader types, one complete line of the shell each."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(page for folder in ("how-to", "tutorial", "explanation") for page in (ROOT / "docs" / folder).glob("*.md")),
    ]
)
_FENCE = re.compile(r"^( *)```(sh|bash|console)[^\n]*\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
_OPEN = re.compile(r"""[(){}'"]|\bdo\b|\bthen\b|\|\s*(?:#.*)?$|\\$""")
"""What a line has that may go on in the next one."""


class Line(NamedTuple):
    page: str
    text: str


@cache
def lines() -> tuple[Line, ...]:
    """Return every command line of the pages, in their order."""
    return tuple(
        Line(str(page.relative_to(ROOT)), text) for page in PAGES for text in of_page(page.read_text(encoding="utf-8"))
    )


def of_page(page: str) -> Iterator[str]:
    """Yield the command lines of the blocks of a page."""
    for indent, language, body in _FENCE.findall(page):
        text = re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)
        yield from _complete(text.splitlines(), console=language == "console")


def _complete(rows: list[str], *, console: bool) -> Iterator[str]:
    begun: list[str] = []
    for row in rows:
        if console and not begun:
            if not row.startswith("$ "):
                continue  # what a command prints
            row = row.removeprefix("$ ")
        if not begun and (not row.strip() or row.lstrip().startswith("#")):
            continue
        begun.append(without_comment(row))
        text = "\n".join(begun)
        if is_complete(text):
            yield text
            begun = []
    assert not begun, f"a command without an end: {begun}"


def without_comment(row: str) -> str:
    """Return a row without the comment at its end: another wording of it needs no new run."""
    for found in re.finditer(r"[ \t]+# ", row):
        before = row[: found.start()]
        if before.count("'") % 2 == before.count('"') % 2 == 0:
            return before
    return row


@cache
def is_complete(text: str) -> bool:
    """Return whether the shell waits for nothing more.

    Raises:
        AssertionError: It is not a command that bash can read.
    """
    if text.rstrip(" ").endswith("\\"):
        return False
    if not _OPEN.search(text):
        return True
    done = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True, check=False)
    if done.returncode and re.search(r"unexpected (end of file|EOF)", done.stderr):
        return False
    assert not done.returncode, f"{text}: {done.stderr}"
    return True
