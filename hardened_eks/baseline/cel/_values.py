"""The value semantics of CEL: types are never converted implicitly, and JSON's null is a separate value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

_NUMBER: Final = re.compile(r"[-+]?\d+")


class CelError(Exception):
    """An expression that cannot be parsed, or that fails on the data."""


_KINDS: Final = (
    (type(None), "null"),
    (bool, "bool"),
    ((int, float), "number"),
    (str, "string"),
    (Mapping, "map"),
    ((list, tuple), "list"),
)
"""The order matters, because a Boolean is an integer of Python."""


def kind(value: Any) -> str:
    """Return CEL's name of a value's type; integers and doubles are both ``number``."""
    found = _kind_of(value.__class__)
    if not found:
        raise CelError(f"{value!r} is not a JSON value")
    return found


@cache
def _kind_of(type_: type) -> str:
    return next((name for types, name in _KINDS if issubclass(type_, types)), "")


def equal(one: Any, other: Any) -> bool:
    """Return whether two values are equal; values of different types are not."""
    what = kind(one)
    if what != kind(other):
        return False
    if what == "list":
        return len(one) == len(other) and all(map(equal, one, other))
    if what == "map":
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return bool(one == other)


def compare(sign: str, one: Any, other: Any) -> bool:
    """Return whether `one` is smaller, larger ... than `other`."""
    if kind(one) != kind(other) or kind(one) not in {"number", "string", "bool"}:
        raise CelError(f"no such overload: {kind(one)} {sign} {kind(other)}")
    found: bool = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]
    return found


def contains(item: Any, container: Any) -> bool:
    """Return whether a list has an item, or a map a key."""
    what = kind(container)
    if what not in {"list", "map"}:
        raise CelError(f"no such overload: {kind(item)} in {what}")
    return any(equal(item, one) for one in container)


def added(one: Any, other: Any) -> Any:
    """Return the sum of two numbers, strings or lists."""
    what = kind(one)
    if what == "number":
        _need_numbers("+", one, other)
    elif what != kind(other) or what not in {"string", "list"}:
        raise CelError(f"no such overload: {what} + {kind(other)}")
    return [*one, *other] if what == "list" else one + other


def subtracted(one: Any, other: Any) -> Any:
    """Return the difference of two numbers."""
    _need_numbers("-", one, other)
    return one - other


def product(one: Any, other: Any) -> Any:
    """Return the product of two numbers."""
    _need_numbers("*", one, other)
    return one * other


def quotient(one: Any, other: Any) -> Any:
    """Return the quotient of two numbers, of integers without its fraction."""
    _need_numbers("/", one, other)
    if other == 0:
        raise CelError("division by zero")
    if isinstance(one, float):
        return one / other
    whole = abs(one) // abs(other)
    return whole if (one < 0) == (other < 0) else -whole


def remainder(one: Any, other: Any) -> Any:
    """Return the remainder of two integers, with the sign of the first."""
    _need_numbers("%", one, other)
    if other == 0:
        raise CelError("modulus by zero")
    return one - other * quotient(one, other)


def _need_numbers(sign: str, one: Any, other: Any) -> None:
    if {kind(one), kind(other)} != {"number"} or isinstance(one, float) != isinstance(other, float):
        raise CelError(f"no such overload: {kind(one)} {sign} {kind(other)}")


def field(value: Any, name: str) -> Any:
    """Return the value of a key."""
    if kind(value) != "map" or name not in value:
        raise CelError(f"no such key: {name}")
    return value[name]


def has(value: Any, name: str) -> bool:
    """Return whether a map has a key."""
    if kind(value) != "map":
        raise CelError(f"no such key: {name} of {kind(value)}")
    return name in value


def index(value: Any, key: Any) -> Any:
    """Return an item of a list, or the value of a key."""
    what = kind(value)
    if what == "list" and kind(key) == "number":
        if not (key == int(key) and 0 <= key < len(value)):
            raise CelError(f"index out of bounds: {key}")
        return value[int(key)]
    if what == "map" and kind(key) == "string":
        return field(value, key)
    raise CelError(f"no such overload: {what}[{kind(key)}]")


def as_int(value: Any) -> int:
    """Return ``int(value)`` of CEL."""
    if kind(value) == "number" or (kind(value) == "string" and _NUMBER.fullmatch(value)):
        return int(value)
    raise CelError(f"cannot convert {value!r} to int")


def as_string(value: Any) -> str:
    """Return ``string(value)`` of CEL."""
    what = kind(value)
    if what == "bool":
        return "true" if value else "false"
    if what == "string":
        return str(value)
    if what == "number":
        return f"{value:g}" if isinstance(value, float) else str(value)
    raise CelError(f"cannot convert {what} to string")


@cache
def pattern(written: str) -> re.Pattern[str]:
    """Return an RE2 pattern, the syntax of CEL, as a Python pattern: ``$`` matches only at the end of the string."""
    parts: list[str] = []
    in_class = False
    at = 0
    while at < len(written):
        char = written[at]
        if char == "\\":
            parts.append(written[at : at + 2])
            at += 2
            continue
        in_class = char == "[" or (in_class and char != "]")
        parts.append(r"\Z" if char == "$" and not in_class else char)
        at += 1
    try:
        return re.compile("".join(parts), re.ASCII)
    except re.error as error:
        raise CelError(f"not a pattern: {written!r}: {error}") from None
