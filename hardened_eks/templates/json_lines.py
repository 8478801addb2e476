"""Where each key of a JSON text stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|\n', re.DOTALL)


def json_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return key path -> line of a valid JSON text. List items go by index."""
    lines: dict[tuple[str, ...], int] = {}
    for path, line in _keys(text):
        lines.setdefault(path, line)
    return lines


def duplicate_keys(text: str) -> list[tuple[str, int, int]]:
    """Return ``(key, first line, line)`` of every key that stands twice in one object."""
    seen: dict[tuple[str, ...], int] = {}
    found: dict[tuple[str, ...], tuple[str, int, int]] = {}
    for path, line in _keys(text):
        inside = any(path[:n] in found for n in range(1, len(path)))  # all keys below a duplicate seem to be duplicates
        if path in seen and not inside:
            found[path] = (path[-1], seen[path], line)
        seen.setdefault(path, line)
    return list(found.values())


def _keys(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    line = 1
    path: list[str] = []
    counters: list[int] = []  # one for each open bracket: the item's index in a list, -1 in an object
    key_next = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        first = token[0]
        if first == "\n":
            line += 1
        elif first == '"':
            if key_next:
                path[-1] = json.loads(token) if "\\" in token else token[1:-1]
                yield tuple(path), line
                key_next = False
        elif first in "{[":
            counters.append(-1 if first == "{" else 0)
            path.append("0")
            key_next = first == "{"
            if first == "[":
                yield tuple(path), line
        elif first in "}]":
            counters.pop()
            path.pop()
            key_next = False
        elif counters[-1] < 0:
            key_next = True
        else:
            counters[-1] += 1
            path[-1] = str(counters[-1])
            yield tuple(path), line
