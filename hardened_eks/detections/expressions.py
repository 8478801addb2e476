"""Named parameters in expressions: ``"<cluster>"`` in a pattern is replaced by a value of `Parameters`.

A name without a value stays unchanged: an expression with placeholders is valid and matches nothing by accident.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hardened_eks._patterns import regex
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    import re

    from hardened_eks.detections.parameters import Parameters

MAXIMUM_FILTER = 1024
"""The maximum number of characters of a metric filter pattern:
https://docs.aws.amazon.com/goto/WebAPI/logs-2014-03-28/MetricFilter."""
MAXIMUM_PATTERN = 2048
"""The maximum number of characters of an event pattern (default quota):
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html."""
_BASES = {
    "keys": "more_keys",
    "key_ids": "more_keys",
    "secret_arns": "secrets",
    "secret_names": "secrets",
    "vpc_prefixes": "pod_cidrs",
}
"""Derived name -> the list to shorten."""
_NAME = regex(r"<([a-z][a-z_]*)>")
_COMPARISON = regex(r'(\$[\w.\[\]-]+)\s*(!=|=)\s*"([^"]*<[a-z][a-z_]*>[^"]*)"')
# For an empty list, nothing is equal and everything differs; every record has one of these fields.
_NEVER, _ALWAYS = "$.eventVersion NOT EXISTS", '$.eventVersion = "*"'


def names(value: Any) -> set[str]:
    """Return the names of the parameters in an expression or in prose."""
    return set(_NAME.findall(value if isinstance(value, str) else json.dumps(value)))


def fill_text(text: str, parameters: Parameters) -> str:
    """Insert values into prose; a list becomes its values with commas."""
    return _NAME.sub(lambda found: ", ".join(parameters.each(found[1])), text) if "<" in text else text


def fill_value(value: Any, parameters: Parameters) -> Any:
    """Insert values into an EventBridge pattern or an alarm; in a list, a name is replaced by all its values."""
    if isinstance(value, dict):
        filled = {key: fill_value(v, parameters) for key, v in value.items()}
        if len(filled.get("$or", ())) == 1:  # EventBridge requires at least two
            filled |= filled.pop("$or")[0]
        # Differs from an empty list: any existing value.
        return {"exists": True} if filled.get("anything-but") == [] else filled
    if isinstance(value, list | tuple):
        return [item for entry in value for item in _items(entry, parameters)]
    return fill_text(value, parameters) if isinstance(value, str) else value


def fill_pattern(pattern: Any, parameters: Parameters) -> dict[str, Any]:
    """Insert values into an EventBridge pattern.

    Raises:
        ConfigurationError: The result is longer than `MAXIMUM_PATTERN`.
    """
    filled: dict[str, Any] = fill_value(pattern, parameters)
    text = json.dumps(filled, separators=(",", ":"))
    _fits("event pattern", text, MAXIMUM_PATTERN, pattern, parameters)
    return filled


def _fits(what: str, text: str, most: int, pattern: Any, parameters: Parameters) -> None:
    if len(text) > most:
        lists = sorted({_BASES.get(name, name) for name in names(pattern) if len(parameters.each(name)) > 1})
        raise ConfigurationError(
            f"{what} {text[:60]}...", [f"{len(text)} characters long, {most} are allowed; shorten {', '.join(lists)}"]
        )


def _items(entry: Any, parameters: Parameters) -> list[Any]:
    if isinstance(entry, str) and "<" not in entry:  # most of them
        return [entry]
    listed = _list_matcher(entry)
    if listed is None:
        branches = [
            _with_key(entry, name, value) for name in sorted(_in_keys(entry)) for value in parameters.each(name)
        ]
        return [fill_value(branch, parameters) for branch in branches or [entry]]
    operator, text, name = listed
    values = [text.replace(f"<{name}>", value) for value in parameters.each(name)]
    return [{operator: value} for value in values] if operator else values


def _in_keys(entry: Any) -> set[str]:
    """Return the name in the keys of a branch, which is repeated for each of its values."""
    if not isinstance(entry, dict):
        return set()
    found = set().union(*map(_in_keys, entry.values()))
    return found.union(*map(_NAME.findall, (key for key in entry if "<" in key)))


def _with_key(entry: Any, name: str, value: str) -> Any:
    """Insert a value into a key: the first part of ``HIGH=10``, and the number if a string is only the name."""
    placeholder = f"<{name}>"
    key, _, number = value.partition("=")
    if isinstance(entry, dict):
        return {own.replace(placeholder, key): _with_key(item, name, value) for own, item in entry.items()}
    if isinstance(entry, list):
        return [_with_key(item, name, value) for item in entry]
    return int(number) if entry == placeholder and number else entry


def _list_matcher(entry: Any) -> tuple[str, str, str] | None:
    """Return the operator (if any), the string and the name in ``"<name>"`` or ``{"suffix": "/<name>"}``."""
    operator, text = "", entry
    if isinstance(entry, dict) and len(entry) == 1:
        operator, text = next(iter(entry.items()))
    found = _NAME.findall(text) if isinstance(text, str) and "<" in text else []
    return (operator, text, found[0]) if len(found) == 1 else None


def fill_filter(pattern: str, parameters: Parameters) -> str:
    """Insert values into a metric filter pattern; a comparison with a list is repeated for each value.

    Raises:
        ConfigurationError: The result is longer than `MAXIMUM_FILTER`.
    """
    filled = fill_text(_COMPARISON.sub(lambda found: _repeat(found, parameters), pattern), parameters)
    _fits("metric filter", filled, MAXIMUM_FILTER, pattern, parameters)
    return filled


def _repeat(comparison: re.Match[str], parameters: Parameters) -> str:
    selector, operator, text = comparison.groups()
    name = _NAME.findall(text)[0]
    values = parameters.each(name)
    if not values:
        return _NEVER if operator == "=" else _ALWAYS
    all_ = [f'{selector} {operator} "{text.replace(f"<{name}>", value)}"' for value in values]
    joined = (" || " if operator == "=" else " && ").join(all_)
    return f"({joined})" if len(all_) > 1 else joined
