"""Messages for the worst case of an unknown value, with the option that sets the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import expressions
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence.unknown import Scope

_ADMITTED: Final = ("not known", "known only at", "not shown to")
"""Phrases in messages that already explain that a value is not known."""
_OPEN: Final = frozenset({"Fn::If", "Fn::FindInMap", "Fn::ImportValue", "Fn::Transform", "Fn::GetStackOutput"})


def at_worst(message: str, name: str, value: Any) -> str:
    """Return `message`, marked as the worst case if `value`, the value of the property `name`, is not known.

    A reference to a resource, or a string in which only pseudo parameters are unknown, counts as known.
    """
    names = _open_parameters(value) if isinstance(value, Unknown) else None
    if names is None:
        return message
    if not any(words in message for words in _ADMITTED):
        message = f"{name} is not known before deployment; at worst, {message}"
    return message + _way(names)


def as_far_as_known(message: str, *values: Any) -> str:
    """Return `message` about something missing, marked as uncertain if one of `values` may contain it."""
    names: list[str] | None = None
    for unknown in _unknowns(values):
        found = _open_parameters(unknown)
        if found is not None:
            names = list(dict.fromkeys([*(names or ()), *found]))
    if names is None:
        return message
    if not any(words in message for words in _ADMITTED):
        message = f"as far as is known before deployment, {message}"
    return message + _way(names)


def _way(names: list[str]) -> str:
    """Return the end of a message that explains how to set parameters."""
    if not names:
        return ""
    those = f"{names[0]} is a parameter" if len(names) == 1 else f"{' and '.join(names)} are parameters"
    options = " ".join(f"--parameters {name}=VALUE" for name in names)
    return f"; {those}: set {'it' if len(names) == 1 else 'them'} with {options}"


def _unknowns(value: Any) -> Iterator[Unknown]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Unknown):
            yield one
        elif isinstance(one, dict):
            is_tag = "Key" in one and "Value" in one  # controls look for tag keys
            waiting.extend(reversed([item for key, item in one.items() if not (is_tag and key == "Value")]))
        elif isinstance(one, list | tuple):
            waiting.extend(reversed(one))


def _open_parameters(unknown: Unknown) -> list[str] | None:
    """Return the parameters that determine a value, in order; None if it is known."""
    found = list(dict.fromkeys(_open(unknown.expression, unknown.template)))
    return [name for name in found if name] if found else None


def _open(value: Any, template: Scope, depth: int = 0) -> Iterator[str]:
    """Yield the parameters in an expression, and an empty string for parts that nobody can set."""
    if isinstance(value, str) and expressions.DYNAMIC in value:
        yield ""
    if not isinstance(value, dict | list) or depth > expressions.MAX_DEPTH:
        return
    function, argument = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else (None, None)
    if function == "Ref":
        yield from _parameter(argument, template, depth)
        return
    if function == "Fn::Sub":
        yield from _variables(argument, template, depth)
    elif function == "Fn::If":
        yield from _conditions(argument, template, depth)
    if function in _OPEN or (isinstance(value, dict) and "Fn::Transform" in value):
        yield ""
    for part in value.values() if isinstance(value, dict) else value:
        yield from _open(part, template, depth + 1)


def _variables(argument: Any, template: Scope, depth: int) -> Iterator[str]:
    pattern, given = argument if isinstance(argument, list) and len(argument) == 2 else (argument, None)
    for literal, name in expressions.VARIABLE.findall(pattern) if isinstance(pattern, str) else ():
        if not literal and not (isinstance(given, dict) and name in given):
            yield from _parameter(name, template, depth)


def _parameter(name: Any, template: Scope, depth: int) -> Iterator[str]:
    if not isinstance(name, str) or name in template.parameters or name not in template.section("Parameters"):
        return
    parameter = template.section("Parameters")[name]
    if template.parent is not None and name in template.parent[1] and not expressions.is_stored(parameter):
        if depth <= expressions.MAX_DEPTH:
            yield from _open(template.parent[1][name], template.parent[0], depth + 1)
        return
    yield "" if isinstance(parameter, dict) and expressions.is_hidden(parameter) else name


def _conditions(argument: Any, template: Scope, depth: int) -> Iterator[str]:
    """Yield the parameters that determine an ``Fn::If``."""
    waiting = [argument[0]] if isinstance(argument, list) and argument else []
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if isinstance(name, str) and name not in seen:
            seen.add(name)
            written = template.section("Conditions").get(name)
            yield from _open(written, template, depth + 1)
            waiting += _named(written, depth)


def _named(expression: Any, depth: int) -> Iterator[Any]:
    if not isinstance(expression, dict | list) or depth > expressions.MAX_DEPTH:
        return
    if isinstance(expression, dict) and "Condition" in expression:
        yield expression["Condition"]
    for part in expression.values() if isinstance(expression, dict) else expression:
        yield from _named(part, depth + 1)
