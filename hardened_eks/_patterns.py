"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import fnmatch
import re
from typing import Any, cast


class _Later:
    """A pattern that is compiled when somebody asks for one of its methods."""

    def __init__(self, expression: str, flags: int) -> None:
        self._written = (expression, flags)

    def __getattr__(self, name: str) -> Any:
        """Return what the compiled pattern has by this name, and keep it."""
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._written), name)
        vars(self)[name] = found
        return found


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` does for its methods. Half of those of an import are never asked for one."""
    return cast("re.Pattern[str]", _Later(expression, flags))


def like(text: str, pattern: str) -> bool:
    """Return whether a string matches a pattern of IAM: ``*`` is any string, ``?`` any character.

    Without ``?``, there is no regular expression to compile: most patterns are compared with few strings.
    """
    if "*" not in pattern and "?" not in pattern:
        return text == pattern
    if "?" in pattern:
        return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))  # brackets have no special meaning in IAM
    first, rest = pattern.split("*", 1)
    if not text.startswith(first):
        return False
    *inner, last = rest.split("*")
    place, end = len(first), len(text) - len(last)
    if place > end or not text.endswith(last):
        return False
    for part in inner:
        place = text.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True
