"""The line of each key in a JSON text."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str, ...]

_SPACE: Final = regex(r"[ \t\r\n]*")
_LINE_END: Final = regex(r"\n")
_DECODER: Final = json.JSONDecoder()
_TOKEN: Final = regex(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]|\n', re.DOTALL)


class JsonLines(Mapping[Path, int]):
    """Key path -> line for a valid JSON text. List items have their index.

    Keys are located only on request, and the C parser skips the text before them, because a report has few findings but
    a template has tens of thousands of keys.
    """

    def __init__(self, text: str) -> None:
        """Store a string that `json.loads` accepts."""
        self._text = text
        self._opened: dict[Path, _Container] = {(): _Container(text, _after_space(text, 0))}

    def __getitem__(self, path: Path) -> int:
        return bisect_left(self._line_ends, self._place(path)[0]) + 1

    def __iter__(self) -> Iterator[Path]:
        return self._below(())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [end.start() for end in _LINE_END.finditer(self._text)]

    def _place(self, path: Path) -> tuple[int, int]:
        if not path:
            raise KeyError(path)
        return self._open(path[:-1])[path[-1]]

    def _open(self, path: Path) -> _Container:
        if path not in self._opened:
            self._opened[path] = _Container(self._text, self._place(path)[1])
        return self._opened[path]

    def _below(self, path: Path) -> Iterator[Path]:
        for key in self._open(path).names():
            yield (*path, key)
            yield from self._below((*path, key))


class _Container:
    """One object or list in a string, read as far as needed; a plain value has no keys."""

    def __init__(self, text: str, start: int) -> None:
        self._known: dict[str, tuple[int, int]] = {}
        self._rest = _members(text, start)

    def __getitem__(self, key: str) -> tuple[int, int]:
        """Return the start positions of a key and its value."""
        while key not in self._known:
            try:
                name, *places = next(self._rest)
            except StopIteration:
                raise KeyError(key) from None
            self._known.setdefault(name, (places[0], places[1]))
        return self._known[key]

    def names(self) -> list[str]:
        for name, key, value in self._rest:
            self._known.setdefault(name, (key, value))
        return list(self._known)


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield (key, its start, the start of its value) for the object or list at `start`."""
    opening = text[start : start + 1]
    if opening not in {"{", "["}:
        return
    place, index = _after_space(text, start + 1), 0
    while text[place] not in "}]":
        name, value = str(index), place
        if opening == "{":
            name, end = _DECODER.raw_decode(text, place)
            value = _after_space(text, _after_space(text, end) + 1)  # past the colon
        yield name, place, value
        place = _after_space(text, _DECODER.raw_decode(text, value)[1])
        if text[place] == ",":
            place = _after_space(text, place + 1)
        index += 1


def _after_space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return match.end() if match else start


def duplicate_keys(text: str) -> list[tuple[Path, int, int]]:
    """Return ``(path, first line, line)`` for every duplicate key in an object."""
    seen: dict[Path, int] = {}
    found: dict[Path, tuple[Path, int, int]] = {}
    for path, line in _keys(text):
        inside = any(path[:n] in found for n in range(1, len(path)))  # all keys below a duplicate seem to be duplicates
        if path in seen and not inside:
            found[path] = (path, seen[path], line)
        seen.setdefault(path, line)
    return list(found.values())


def _keys(text: str) -> Iterator[tuple[Path, int]]:
    """Yield the path and line of every key, including duplicates."""
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
        elif first in "}]":
            counters.pop()
            path.pop()
            key_next = False
        elif counters[-1] < 0:
            key_next = True
        else:
            counters[-1] += 1
            path[-1] = str(counters[-1])
