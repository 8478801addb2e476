"""Data files of this package, of which mostly a few entries are needed."""

from __future__ import annotations

import json
from functools import cache
from pkgutil import get_data
from typing import Any, Final

_DECODER: Final = json.JSONDecoder()


@cache
def text(file: str, package: str = "hardened_eks.data") -> str:
    """Return the content of a file of a package.

    An archive keeps the list of its files for this; `importlib.resources` would read the list again for each file.

    Raises:
        OSError: the package does not have the file.
    """
    content = get_data(package, file)
    if content is None:
        raise FileNotFoundError(f"{file} of {package} cannot be read: its loader reads no files")
    return content.decode()


@cache
def document(file: str) -> Any:
    """Return the whole content of a JSON file."""
    return json.loads(text(file))


@cache
def entry(file: str, section: str, key: str) -> Any:
    """Return the value of a key of a section, or None if the section does not have the key.

    In the files that `tools` writes, each key of a section starts a line, after two spaces. The value is then decoded
    alone: to decode all of 260 kB takes as long as to evaluate ten controls. A file of another layout is read whole.
    """
    content = text(file)
    section_at = content.find(f'\n {json.dumps(section)}: {{\n  "')
    if section_at < 0:
        return document(file)[section].get(key)
    start = f"\n  {json.dumps(key)}: "
    at = content.find(start, section_at)
    return None if at < 0 else _DECODER.raw_decode(content, at + len(start))[0]


@cache
def head(file: str, key: str) -> Any:
    """Return the value of a key of the document, which starts a line after one space."""
    content = text(file)
    start = f"\n {json.dumps(key)}: "
    at = content.find(start)
    return document(file)[key] if at < 0 else _DECODER.raw_decode(content, at + len(start))[0]
