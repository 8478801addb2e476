"""Waivers from YAML files, from the metadata of templates, and from `hardened_eks.waive` in cloud assemblies.

The control of a waiver is resolved when waivers are evaluated, because reading does not depend on the catalog.
"""

from __future__ import annotations

import dataclasses
import difflib
import glob
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence import Waiver
from hardened_eks.evidence.waiver import METADATA_KEY
from hardened_eks.sources.cloudformation.parsing import decode, key_lines, parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.evidence import Template

_SCOPES: Final = ("resource", "path", "subject")
_KEYS: Final = ("control", *_SCOPES, "reason", "until", "approver")
_SCOPE_MISSING: Final = (
    "a waiver needs one of `resource` (Stack/LogicalId), `path` (a construct path) or `subject` (the name in a report: "
    "Stack/Parameters/Name, assembly, account:eu-west-1), as a glob"
)
_DATE: Final = regex(r"\d{4}-\d{2}-\d{2}")


def read_waivers(paths: Iterable[str | Path]) -> tuple[Waiver, ...]:
    """Read waiver files.

    Args:
        paths: YAML or JSON files with a list ``waivers``.

    Raises:
        UnusableInputError: all mistakes of all files, with path and line.
    """
    waivers: list[Waiver] = []
    problems: list[InputProblem] = []
    for path in paths:
        try:
            waivers += _read(str(path))
        except UnusableInputError as error:
            problems += error.problems
    if problems:
        raise UnusableInputError(problems)
    return tuple(waivers)


def _read(path: str) -> tuple[Waiver, ...]:
    return waivers_of(decode(read_bytes(Path(path)), path), path)


def waivers_of(text: str, path: str) -> tuple[Waiver, ...]:
    """Return the waivers of the text of a waiver file.

    Args:
        text: YAML or JSON with a list ``waivers``.
        path: the name of the file in messages.

    Raises:
        UnusableInputError: all mistakes, with path and line.
    """
    data = parse(text, path)
    lines = key_lines(text, path)
    entries = data.get("waivers") if isinstance(data, dict) else None
    unknown = [key for key in data if key != "waivers"] if isinstance(data, dict) else []
    if not isinstance(entries, list) or unknown:
        message = "not a waiver file: it needs one list, `waivers:`"
        raise UnusableInputError([InputProblem(path, message, lines.get((str(unknown[0]),), 1) if unknown else 1)])
    waivers: list[Waiver] = []
    problems: list[InputProblem] = []
    for index, entry in enumerate(entries):
        line = lines.get(("waivers", str(index)))
        of = lines.get(("waivers", str(index), "control"), line)
        found, mistakes = _waiver(entry, path, of)
        waivers += [found] if found else []
        problems += [
            InputProblem(path, message, lines.get(("waivers", str(index), key), line)) for key, message in mistakes
        ]
    if problems:
        raise UnusableInputError(problems)
    return tuple(waivers)


def _waiver(entry: Any, path: str, line: int | None) -> tuple[Waiver | None, list[tuple[str, str]]]:
    """Return the waiver of one entry, or its mistakes as ``(key, message)``."""
    if not isinstance(entry, dict):
        return None, [("", f"a waiver needs to be a mapping with {', '.join(_KEYS)}, got {entry!r}")]
    mistakes = [(key, f"unknown key {key!r}: {_near(str(key))}") for key in entry if key not in _KEYS]
    texts = {key: entry.get(key) for key in _KEYS}
    for key, value in texts.items():
        if value is not None and not isinstance(value, str):
            mistakes.append((key, f"{key} needs to be a string, got {value!r}"))
            texts[key] = None
    given = [key for key in _SCOPES if texts[key]]
    if len(given) != 1:
        mistakes.append((given[0] if given else "resource", _SCOPE_MISSING))
    by = given[0] if given else "resource"
    waiver, faults = build(
        control=texts["control"],
        scope=texts[by] or "",
        reason=texts["reason"],
        until=texts["until"],
        approver=texts["approver"] or "",
        by=by,
        file=path,
        line=line,
    )
    mistakes += faults
    return (waiver if not mistakes else None), mistakes


def build(
    *,
    control: str | None,
    scope: str,
    reason: str | None,
    until: str | date | None,
    approver: str = "",
    by: str = "construct",
    file: str = "",
    line: int | None = None,
    own: bool = False,
) -> tuple[Waiver | None, list[tuple[str, str]]]:
    """Return a waiver from its parts, or the mistakes as ``(field, message)``."""
    mistakes: list[tuple[str, str]] = []
    if not control:
        mistakes.append(("control", "a waiver needs the control that it waives, such as CP-01"))
    if not isinstance(reason, str) or not reason.strip():
        mistakes.append(("reason", f"a waiver needs a reason that a reviewer would accept, got {reason!r}"))
    day = parse_day(until)
    if isinstance(day, str):
        mistakes.append(("until", day))
    if mistakes or isinstance(day, str) or not control or not reason:
        return None, mistakes
    return Waiver(control, scope, reason.strip(), day, approver, by, file, line, own), []


def _near(key: str) -> str:
    near = difflib.get_close_matches(key, _KEYS, n=1)
    return f"did you mean {near[0]}" if near else f"use {', '.join(_KEYS)}"


def parse_day(value: str | date | None) -> date | str:
    """Return the date, or a sentence about its mistake."""
    if isinstance(value, date):
        return value if type(value) is date else date(value.year, value.month, value.day)
    if value is None or value == "":
        return "a waiver needs `until`, its last valid day, as YYYY-MM-DD"
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return f"until needs to be a date as YYYY-MM-DD, got {value!r}"
    try:
        return date.fromisoformat(value)
    except ValueError:
        return f"until needs to be an existing date as YYYY-MM-DD, got {value!r}"


def in_template(template: Template) -> list[Waiver]:
    """Return the waivers in the metadata of a template, for a resource or for the subject that they name.

    The key ``hardened-eks:waiver`` contains one waiver or a list of waivers, with the keys of a waiver file. In the
    metadata of a resource, a waiver applies to the resource and names no subject. No waiver covers anything outside
    the template and its nested stacks, so a template of somebody else suppresses no finding of another one.

    Raises:
        UnusableInputError: all mistakes, with file and line.
    """
    places: list[tuple[tuple[str, ...], Any, str]] = [(("Metadata",), template.section("Metadata"), "")]
    places += [
        (("Resources", one.logical_id, "Metadata"), one.body.get("Metadata"), one.id)
        for one in template.resources.values()
        if one.owner is None and "Metadata" in one.body
    ]
    waivers: list[Waiver] = []
    problems: list[InputProblem] = []
    file = template.path or template.name
    for keys, metadata, resource in places:
        written = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
        for entry in written if isinstance(written, list) else [written] if written is not None else ():
            line = template.line((*keys, METADATA_KEY))
            found, mistakes = _in_metadata(entry, resource, file, line)
            waivers += [dataclasses.replace(found, template=template.name)] if found else []
            problems += [InputProblem(file, f"{METADATA_KEY}: {message}", line) for message in mistakes]
    if problems:
        raise UnusableInputError(problems)
    return waivers


def _in_metadata(entry: Any, resource: str, file: str, line: int | None) -> tuple[Waiver | None, list[str]]:
    own = isinstance(entry, dict) and entry.get("own") is True
    if isinstance(entry, dict):
        # A body from another YAML parser has dates, where files have strings.
        entry = {key: str(value) if type(value) is date else value for key, value in entry.items() if key != "own"}
        named = [key for key in _SCOPES if key in entry]
        if resource and named:
            return None, [f"a waiver of a resource covers that resource, so leave out {', '.join(named)}"]
        if resource:
            entry["resource"] = glob.escape(resource)
    found, mistakes = _waiver(entry, file, line)
    return (dataclasses.replace(found, own=own) if found else None), [message for _, message in mistakes]


def from_metadata(data: Any, path: str, file: str) -> Waiver:
    """Return the waiver that `hardened_eks.waive` wrote at construct `path`.

    Raises:
        UnusableInputError: the entry was not written by this version.
    """
    try:
        entry = json.loads(data) if isinstance(data, str) else data
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        raise UnusableInputError([InputProblem(file, f"the waiver at {path} cannot be read: {data!r}")])
    texts = {key: str(entry.get(key) or "") for key in ("control", "subject", "reason", "until", "approver", "file")}
    line = entry.get("line")
    waiver, mistakes = build(
        control=texts["control"],
        scope=texts["subject"] or path,
        reason=texts["reason"],
        until=texts["until"],
        approver=texts["approver"],
        by="subject" if texts["subject"] else "construct",
        file=texts["file"],
        line=line if isinstance(line, int) else None,
        own=entry.get("own") is True,
    )
    if waiver is None:
        raise UnusableInputError(InputProblem(file, f"the waiver at {path}: {message}") for _, message in mistakes)
    return waiver
