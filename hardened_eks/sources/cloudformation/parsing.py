"""Parsing of JSON and YAML as CloudFormation reads them, with the line of every mistake.

C parsers produce the data. A second scan of the text produces line numbers on request, so a template without findings
needs no second scan.
"""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.sources.cloudformation import doubled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_K = TypeVar("_K")
_V = TypeVar("_V")

MAX_BYTES: Final = 32 * 2**20
"""CloudFormation accepts 1 MiB; a file 32 times as large is a mistake."""
_OPEN_FILES: Final = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
"""Files that are already open: a pipe among them, as from `<(command)` in a shell, has a writer."""
MAX_DEPTH: Final = 300
"""The maximum nesting depth, which is far above the limits of CloudFormation."""


class _DuplicateKeyError(ValueError):
    """A duplicate key in a JSON object."""


def decode(raw: bytes, path: str) -> str:
    """Return `raw` as a string; a JSON string, as which the AWS CLI prints YAML templates, is unquoted.

    Raises:
        UnusableInputError: the input is too large, binary or not UTF-8.
    """
    if len(raw) > MAX_BYTES:
        message = f"more than {MAX_BYTES // 2**20} MiB; a template can have at most 1 MiB"
        raise UnusableInputError([InputProblem(path, message)])
    try:
        return _unquoted(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8 text (byte 0x{raw[error.start]:02x} at offset {error.start}); save the file as UTF-8"
        raise UnusableInputError([InputProblem(path, message, line)]) from None


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        inner = json.loads(text)
    except ValueError:
        return text
    return inner if isinstance(inner, str) and "\n" in inner else text


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, or only its beginning if `decode` rejects it as too large.

    Raises:
        UnusableInputError: the file cannot be read, or is a named pipe, which would wait for a writer.
    """
    try:
        if not stat.S_ISFIFO(path.stat().st_mode) or str(path).startswith(_OPEN_FILES):
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        message = "it is a named pipe; write its contents to a file first"
    except FileNotFoundError:
        message = "no such file or directory"
    except (OSError, ValueError) as error:
        raise UnusableInputError([InputProblem.unreadable(str(path), error)]) from error
    raise UnusableInputError([InputProblem(str(path), message)])


def read_standard_input() -> bytes:
    """Return the content of standard input, or only its beginning if `decode` rejects it as too large.

    Raises:
        UnusableInputError: standard input is closed.
    """
    if sys.stdin is None:
        raise UnusableInputError([InputProblem("<stdin>", "cannot be read: the standard input is closed")])
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def parse(text: str, path: str, harmless: list[InputProblem] | None = None) -> Any:
    """Return the data of a JSON or YAML text. A leading brace means JSON, unless the file has a YAML suffix.

    Args:
        text: the whole text.
        path: the file name, for messages.
        harmless: a list for duplicate keys of a template that hide no property. Default: every duplicate is rejected.

    Raises:
        UnusableInputError: with the line, if the text is invalid, has duplicate keys or nests too deeply.
    """
    if not text.strip():
        raise UnusableInputError([InputProblem(path, "the file is empty")])
    if is_json(text, path):
        return _parse_json(text, path, harmless)
    from hardened_eks.sources.cloudformation.cfn_yaml import parse_yaml

    return parse_yaml(text, path, harmless)


def key_lines(text: str, path: str) -> Mapping[tuple[str, ...], int]:
    """Return the line of every key path in a string that `parse` accepts."""
    if is_json(text, path):
        from hardened_eks.sources.cloudformation.json_lines import JsonLines

        return JsonLines(text)
    from hardened_eks.sources.cloudformation.cfn_yaml import yaml_lines

    return yaml_lines(text)


class LazyMapping(Mapping[_K, _V]):
    """A mapping whose content is created on first use."""

    def __init__(self, make: Callable[[], Mapping[_K, _V]]) -> None:
        """Store `make`, which is called once on first use."""
        self._make = make

    @cached_property
    def _made(self) -> Mapping[_K, _V]:
        return self._make()

    def __getitem__(self, key: _K) -> _V:
        return self._made[key]

    def __iter__(self) -> Iterator[_K]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def is_json(text: str, path: str) -> bool:
    """Return whether a string is read as JSON: it starts like JSON, and the file has no YAML suffix."""
    return text.lstrip()[:1] in {"{", "["} and not path.lower().endswith((".yaml", ".yml"))


def _parse_json(text: str, path: str, harmless: list[InputProblem] | None) -> Any:
    try:
        try:
            data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
        except _DuplicateKeyError:
            _sort_out(text, path, harmless)
            data = json.loads(text, parse_constant=_refuse_constant)
        too_deep = _deeper_than(data, MAX_DEPTH)
    except UnusableInputError:
        raise
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg} at column {error.colno}"
        raise UnusableInputError([InputProblem(path, message, error.lineno)]) from None
    except RecursionError:
        too_deep = True
    except ValueError as error:
        raise UnusableInputError([InputProblem(path, f"not valid JSON: {error}")]) from None
    if too_deep:
        raise UnusableInputError([InputProblem(path, f"nested more than {MAX_DEPTH} levels deep")])
    return data


def _sort_out(text: str, path: str, harmless: list[InputProblem] | None) -> None:
    """Record harmless duplicate keys, and reject the others."""
    from hardened_eks.sources.cloudformation.json_lines import duplicate_keys

    wrong: list[InputProblem] = []
    for keys, first, line in duplicate_keys(text):
        into = wrong if harmless is None or not doubled.is_harmless(keys) else harmless
        into.append(doubled.problem(path, keys[-1], first, line))
    if wrong:
        raise UnusableInputError(wrong) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise _DuplicateKeyError
    return entries


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _deeper_than(data: Any, limit: int) -> bool:
    """Return whether parsed JSON nests deeper than `limit`, without recursion."""
    trees = (dict, list)
    level = [data] if type(data) in trees else []
    for _ in range(limit):
        level = [
            child for node in level for child in (node.values() if type(node) is dict else node) if type(child) in trees
        ]
        if not level:
            return False
    return True
