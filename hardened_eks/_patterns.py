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


def like(text: str, pattern: str) -> bool:
    """Return whether a string matches a pattern of IAM: ``*`` is any string, ``?`` any character.

    A pattern without ``?`` is compared without a regular expression: compiling one takes longer than the few
    comparisons that most patterns need.
    """
    if "*" not in pattern and "?" not in pattern:
        return text == pattern
    if "?" in pattern:
        return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))  # brackets have no special meaning
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


class _Hinted:
    """A pattern that is compiled when a string first contains what a match contains."""

    def __init__(self, expression: str, flags: int, hints: tuple[str, ...]) -> None:
        self._pattern = _Later(expression, flags)
        self._hints = hints

    def _may_match(self, text: str) -> bool:
        if not text.isascii():
            return True  # some other letters match ASCII letters if case is ignored: the long s, the Kelvin sign
        lower = text.lower()
        return any(hint in lower for hint in self._hints)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match, like `re.Pattern.search`."""
        return self._pattern.search(text) if self._may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole string, like `re.Pattern.fullmatch`."""
        return self._pattern.fullmatch(text) if self._may_match(text) else None


def regex(expression: str, flags: int = 0, *, hints: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return what `re.compile` does for its methods. Half of those of an import are never asked for one.

    Args:
        expression: the regular expression.
        flags: flags of `re`.
        hints: strings in lower case; every match contains one of them, in any case. The expression is then compiled
            only for a string that contains one, and the pattern has only `search` and `fullmatch`. Default: none.
    """
    return cast("re.Pattern[str]", _Hinted(expression, flags, hints) if hints else _Later(expression, flags))
