"""Wildcards and policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

Context = Mapping[str, str | Sequence[str]]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}


class UnknownVariable(Exception):
    """The context has no single value for a variable without a default: IAM does not match the statement."""


def values(context: Context, key: str) -> tuple[str, ...] | None:
    """Return the values of a context key, whose name has no case; None where the request does not carry it."""
    for name, value in context.items():
        if name.lower() == key.lower():
            return (value,) if isinstance(value, str) else tuple(value)
    return None


def matches(value: str, pattern: str, context: Context, *, wildcards: bool = True, case: bool = True) -> bool:
    """Tell whether a value is what a pattern means, after its variables are replaced.

    Raises:
        UnknownVariable: the request carries no value for a variable.
    """
    parts: list[str] = []
    end = 0
    for found in _VARIABLE.finditer(pattern):
        parts.append(_regex(pattern[end : found.start()], wildcards=wildcards))
        parts.append(re.escape(_replaced(found.group(1), context)))
        end = found.end()
    parts.append(_regex(pattern[end:], wildcards=wildcards))
    return _compiled("".join(parts), case).fullmatch(value) is not None


def _replaced(variable: str, context: Context) -> str:
    if variable in _LITERALS:
        return _LITERALS[variable]
    name, comma, default = variable.partition(",")
    found = values(context, name.strip())
    if found is not None and len(found) == 1:
        return found[0]
    if comma:
        return default.strip().strip("'")
    raise UnknownVariable(variable)


def _regex(text: str, *, wildcards: bool) -> str:
    escaped = re.escape(text)
    return escaped.replace(r"\*", ".*").replace(r"\?", ".") if wildcards else escaped


@cache
def _compiled(regex: str, case: bool) -> re.Pattern[str]:
    return re.compile(regex, re.DOTALL | (re.NOFLAG if case else re.IGNORECASE))


def arn_matches(value: str, pattern: str, context: Context) -> bool:
    """Compare ARNs, whose wildcards do not cross the first five colons."""
    ours, theirs = value.split(":", 5), _split(pattern)
    return len(ours) == len(theirs) == 6 and all(
        matches(part, wanted, context) for part, wanted in zip(ours, theirs, strict=True)
    )


def _split(pattern: str) -> list[str]:
    """Split an ARN at its first five colons, without those of its variables."""
    hidden = _VARIABLE.sub(lambda found: found.group().replace(":", "\0"), pattern)
    return [part.replace("\0", ":") for part in hidden.split(":", 5)]
