"""The events that an EventBridge pattern matches.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import ipaddress
import json
import operator
import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.intrinsics import structure
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def pattern_of(written: Any) -> Mapping[str, Any] | None:
    """Return the pattern of a rule, which may be a JSON string; None if there is no readable pattern."""
    written = structure(written)
    if isinstance(written, str | Unknown):
        try:
            written = json.loads(str(written))
        except ValueError:
            return None
    return written if isinstance(written, dict) and written else None


def mismatch(pattern: Any, event: Mapping[str, Any], same: Callable[[Any], Any] = lambda value: value) -> str:
    """Return the dotted field for which a pattern does not match an event; empty if it matches.

    Args:
        pattern: the pattern, or a part of it, resolved.
        event: the event, or the part of it.
        same: a function that resolves an `Unknown` or a value with tokens in the pattern. A value that stays unknown
            matches nothing. Default: values are unchanged.
    """
    if not isinstance(pattern, dict):
        return "EventPattern"
    for key, wanted in pattern.items():
        if key == "$or":
            options = [mismatch(part, event, same) for part in wanted] if isinstance(wanted, list) else ["$or"]
            if all(options):
                return options[0] if options else "$or"
        elif isinstance(wanted, dict):
            inner = event.get(key, {})
            parts = inner if isinstance(inner, list) else [inner]
            found = [mismatch(wanted, part if isinstance(part, dict) else {}, same) for part in parts or [{}]]
            if all(found):
                return f"{key}.{found[0]}"
        elif not _leaf(wanted, key, event, same):
            return str(key)
    return ""


def _leaf(wanted: Any, key: str, event: Mapping[str, Any], same: Callable[[Any], Any]) -> bool:
    values = event[key] if isinstance(event.get(key), list) else [event[key]] if key in event else []
    matchers = wanted if isinstance(wanted, list) else []
    return any(_matcher(one, values, same) for one in matchers)


def _matcher(matcher: Any, values: list[Any], same: Callable[[Any], Any]) -> bool:
    if not isinstance(matcher, dict):
        known = same(matcher)
        return not isinstance(known, Unknown) and known in values
    if len(matcher) != 1:
        return False
    (name, argument), *_ = matcher.items()
    if name == "exists":
        return bool(values) is argument if isinstance(argument, bool) else False
    if name == "anything-but":
        return bool(values) and all(_other(argument, value, same) for value in values)
    return any(_text(name, same(argument), value) for value in values)


def _other(argument: Any, value: Any, same: Callable[[Any], Any]) -> bool:
    """Return whether a value is not in an ``anything-but`` list; an unknown value may be in it."""
    for one in argument if isinstance(argument, list) else [argument]:
        if isinstance(one, dict):
            (name, inner), *_ = one.items() or [("", None)]
            options = inner if isinstance(inner, list) else [inner]
            if any(isinstance(same(o), Unknown) or _text(name, same(o), value) for o in options):
                return False
        else:
            known = same(one)
            if isinstance(known, Unknown) or known == value:
                return False
    return True


def _text(name: str, argument: Any, value: Any) -> bool:
    if name == "numeric":
        return _number(argument, value)
    if isinstance(argument, dict) and list(argument) == ["equals-ignore-case"] and name in {"prefix", "suffix"}:
        argument, value = str(argument["equals-ignore-case"]).lower(), str(value).lower()
    if not isinstance(argument, str) or not isinstance(value, str):
        return False
    if name == "prefix":
        return value.startswith(argument)
    if name == "suffix":
        return value.endswith(argument)
    if name == "equals-ignore-case":
        return value.lower() == argument.lower()
    if name == "wildcard":
        return re.fullmatch(".*".join(map(re.escape, argument.split("*"))), value, re.DOTALL) is not None
    if name == "cidr":
        try:
            return ipaddress.ip_address(value) in ipaddress.ip_network(argument, strict=False)
        except ValueError:
            return False
    return False


def _number(argument: Any, value: Any) -> bool:
    if not isinstance(argument, list) or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pairs = list(zip(argument[::2], argument[1::2], strict=False))
    return bool(pairs) and all(
        name in _COMPARE and isinstance(limit, int | float) and _COMPARE[name](value, limit) for name, limit in pairs
    )
