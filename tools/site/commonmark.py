"""An extension of Python-Markdown that parses lists as GitHub does.

In Python-Markdown, a nested list, a code block or a paragraph belongs to an item only if it is indented by four spaces
for each level, and a list or a table starts only after an empty line. On GitHub, the text of the item determines the
indentation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

if TYPE_CHECKING:
    from markdown import Markdown

_ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)])( +)(?=\S)")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_TABLE = re.compile(r" *\|.*\| *$")
_BEFORE_SUPERFENCES = 40


class _Reindent(Preprocessor):
    """Indents the content of list items by four spaces for each level."""

    def run(self, lines: list[str]) -> list[str]:
        done: list[str] = []
        columns: list[int] = []  # the column in which the text of each open item begins
        fence, shift, previous = "", 0, "blank"
        for line in lines:
            indent = len(line) - len(line.lstrip(" "))
            if fence:
                done.append(_moved(line, shift))
                fence = "" if line.strip() == fence else fence
                previous = "code"
                continue
            if not line.strip():
                done.append(line)
                previous = "blank"
                continue
            item = _ITEM.match(line)
            if previous == "blank" or item:
                while columns and indent < columns[-1]:
                    columns.pop()
            shift = 4 * len(columns) - (columns[-1] if columns else 0)
            opened = _FENCE.match(line)
            kind = "item" if item else "table" if _TABLE.match(line) else "code" if opened else "text"
            if (kind == "item" and previous in {"text", "code"}) or (kind == "table" and previous in {"text", "item"}):
                done.append("")
            if opened:
                fence = opened[1]
            done.append(_moved(line, shift))
            if item:
                columns.append(len(item[0]))
            previous = "item" if kind == "text" and previous == "item" else kind  # a continued line
        return done


def _moved(line: str, shift: int) -> str:
    if shift >= 0:
        return " " * shift + line
    return line[min(-shift, len(line) - len(line.lstrip(" "))) :]


class CommonMarkLists(Extension):
    """Registers the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name of the base class
        """Register the preprocessor to run before code blocks are removed from the page."""
        md.preprocessors.register(_Reindent(md), "commonmark-lists", _BEFORE_SUPERFENCES)


def makeExtension(**options: object) -> CommonMarkLists:  # noqa: N802 - the name that Python-Markdown looks for
    """Return the extension."""
    return CommonMarkLists(**options)
