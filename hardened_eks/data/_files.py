"""Data files of this package, of which mostly a few entries are needed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

_DECODER: Final = json.JSONDecoder()


@cache
def document(file: str) -> Any:
    """Return the whole content of a JSON file."""
    return json.loads(_text(file))


@cache
def entry(file: str, section: str, key: str) -> Any:
    """Return the value of a key of a section, or None if the section does not have the key.

    In the files that `tools` writes, each key of a section starts a line, after two spaces. The value is then decoded
    alone: to decode all of 260 kB takes as long as to evaluate ten controls. A file of another layout is read whole.
    """
    text = _text(file)
    section_at = text.find(f'\n {json.dumps(section)}: {{\n  "')
    if section_at < 0:
        return document(file)[section].get(key)
    start = f"\n  {json.dumps(key)}: "
    at = text.find(start, section_at)
    return None if at < 0 else _DECODER.raw_decode(text, at + len(start))[0]


@cache
def head(file: str, key: str) -> Any:
    """Return the value of a key of the document, which starts a line after one space."""
    text = _text(file)
    start = f"\n {json.dumps(key)}: "
    at = text.find(start)
    return document(file)[key] if at < 0 else _DECODER.raw_decode(text, at + len(start))[0]


@cache
def _text(file: str) -> str:
    return files("hardened_eks.data").joinpath(file).read_text("utf-8")
