"""Single values of the JSON files beside this module, without parsing the rest of a large file."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def text_of(file: str) -> str:
    """Return the content of a file; read once."""
    return files("hardened_eks.data").joinpath(file).read_text("utf-8")


def value_of(file: str, key: str, *, indent: int) -> Any:
    """Return the value of a key; None if the file does not have it.

    Args:
        file: the name of a file whose keys have lines of their own, as our tools write it.
        key: the key, which is unique among those with the same indentation.
        indent: the number of spaces before the key.
    """
    _, found, rest = text_of(file).partition(f'\n{" " * indent}"{key}": ')
    return json.JSONDecoder().raw_decode(rest)[0] if found else None
