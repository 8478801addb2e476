"""Waivers as written: in a YAML file, or by `hardened_eks.waive` in a cloud assembly."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.selection import find, nearest
from hardened_eks.judging.waivers import Waiver
from hardened_eks.sources.cloudformation.parsing import decode, key_lines, parse, read_bytes
from hardened_eks.sources.problems import InputProblem, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.controls.model import Control

_KEYS: Final = ("control", "resource", "path", "reason", "until", "approver")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_waivers(paths: Iterable[str | Path], *, catalogue: Sequence[Control] = CATALOGUE) -> tuple[Waiver, ...]:
    """Read waiver files.

    Args:
        paths: YAML or JSON files with a list ``waivers``.
        catalogue: the controls that may be waived. Default: all of this library.

    Raises:
        UnusableInputError: all mistakes of all files, with path and line.
    """
    waivers: list[Waiver] = []
    problems: list[InputProblem] = []
    for path in paths:
        try:
            waivers += _read(str(path), catalogue)
        except UnusableInputError as error:
            problems += error.problems
    if problems:
        raise UnusableInputError(problems)
    return tuple(waivers)


def _read(path: str, catalogue: Sequence[Control]) -> list[Waiver]:
    text = decode(read_bytes(Path(path)), path)
    data = parse(text, path)
    lines = key_lines(text, path)
    entries = data.get("waivers") if isinstance(data, dict) else None
    unknown = [key for key in data if key != "waivers"] if isinstance(data, dict) else []
    if not isinstance(entries, list) or unknown:
        message = "not a waiver file: it holds one list, `waivers:`"
        raise UnusableInputError([InputProblem(path, message, lines.get((str(unknown[0]),), 1) if unknown else 1)])
    waivers: list[Waiver] = []
    problems: list[InputProblem] = []
    for index, entry in enumerate(entries):
        line = lines.get(("waivers", str(index)))
        found, mistakes = _waiver(entry, path, line, catalogue)
        waivers += [found] if found else []
        problems += [
            InputProblem(path, message, lines.get(("waivers", str(index), key), line)) for key, message in mistakes
        ]
    if problems:
        raise UnusableInputError(problems)
    return waivers


def _waiver(
    entry: Any, path: str, line: int | None, catalogue: Sequence[Control]
) -> tuple[Waiver | None, list[tuple[str, str]]]:
    """Return the waiver of one entry, or its mistakes as ``(key, message)``."""
    if not isinstance(entry, dict):
        return None, [("", f"a waiver is a mapping with {', '.join(_KEYS)}, got {entry!r}")]
    mistakes = [(key, f"unknown key {key!r}, {nearest(str(key), _KEYS)}") for key in entry if key not in _KEYS]
    texts = {key: entry.get(key) for key in _KEYS}
    for key, value in texts.items():
        if value is not None and not isinstance(value, str):
            mistakes.append((key, f"{key} is a text, got {value!r}"))
            texts[key] = None
    by = "path" if texts["path"] else "resource"
    if bool(texts["path"]) == bool(texts["resource"]):
        mistakes.append(
            ("resource", "a waiver names either `resource` (Stack/LogicalId) or `path` (a construct path), as a glob")
        )
    waiver, faults = build(
        control=texts["control"],
        scope=texts[by] or "",
        reason=texts["reason"],
        until=texts["until"],
        approver=texts["approver"] or "",
        by=by,
        file=path,
        line=line,
        catalogue=catalogue,
    )
    mistakes += faults
    return (waiver if not mistakes else None), mistakes


def build(
    *,
    control: Control | str | None,
    scope: str,
    reason: str | None,
    until: str | date | None,
    approver: str = "",
    by: str = "construct",
    file: str = "",
    line: int | None = None,
    catalogue: Sequence[Control] = CATALOGUE,
) -> tuple[Waiver | None, list[tuple[str, str]]]:
    """Return a waiver of checked parts, or the mistakes as ``(field, message)``."""
    mistakes: list[tuple[str, str]] = []
    found = find(control, catalogue) if control else "a waiver names the control it waives, such as CP-01"
    if isinstance(found, str):
        mistakes.append(("control", found))
    if not isinstance(reason, str) or not reason.strip():
        mistakes.append(("reason", "a waiver needs a reason that a reviewer would accept"))
    day = parse_day(until)
    if isinstance(day, str):
        mistakes.append(("until", day))
    if mistakes or isinstance(found, str) or isinstance(day, str) or not reason:
        return None, mistakes
    waiver = Waiver(
        control=found, scope=scope, reason=reason.strip(), until=day, approver=approver, by=by, file=file, line=line
    )
    return waiver, []


def parse_day(value: str | date | None) -> date | str:
    """Return the day, or a sentence that says what is wrong with it."""
    if isinstance(value, date):
        return value if type(value) is date else date(value.year, value.month, value.day)
    if value is None or value == "":
        return "a waiver needs `until`, its last day, as YYYY-MM-DD"
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return f"until is a day as YYYY-MM-DD, got {value!r}"
    try:
        return date.fromisoformat(value)
    except ValueError:
        return f"until is a day of the calendar as YYYY-MM-DD, got {value!r}"


def from_metadata(data: Any, path: str, file: str, *, catalogue: Sequence[Control] = CATALOGUE) -> Waiver | None:
    """Return the waiver that `hardened_eks.waive` wrote at construct `path`.

    None for a waiver of a team's own control that is not in `catalogue`: it is not judged here either.

    Raises:
        UnusableInputError: when the entry was not written by this version.
    """
    try:
        entry = json.loads(data) if isinstance(data, str) else data
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        raise UnusableInputError([InputProblem(file, f"the waiver at {path} cannot be read: {data!r}")])
    texts = {key: str(entry.get(key) or "") for key in ("control", "reason", "until", "approver", "file")}
    if entry.get("own") is True and isinstance(find(texts["control"], catalogue), str):
        return None
    line = entry.get("line")
    waiver, mistakes = build(
        control=texts["control"],
        scope=path,
        reason=texts["reason"],
        until=texts["until"],
        approver=texts["approver"],
        file=texts["file"],
        line=line if isinstance(line, int) else None,
        catalogue=catalogue,
    )
    if waiver is None:
        raise UnusableInputError(InputProblem(file, f"the waiver at {path}: {message}") for _, message in mistakes)
    return waiver
