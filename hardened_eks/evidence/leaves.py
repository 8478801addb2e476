"""The strings and unknown values of a tree, for those who read all of them: one walk for references and secrets."""

from __future__ import annotations

from typing import Any

from hardened_eks.evidence.unknown import Unknown

Leaf = tuple[str, str | Unknown]
"""The name of the innermost property that has a value, and the value."""


def leaves_of(value: Any, key: str) -> list[Leaf]:
    """Return the strings and unknown values in a resolved value, in the order of the template.

    Args:
        value: a value of the property `key`, at any depth.
        key: the name for values that are not inside another property.
    """
    found: list[Leaf] = []
    if isinstance(value, (str, Unknown)):
        found.append((key, value))
    else:
        _walk(value, key, found)
    return found


def _walk(value: Any, key: str, into: list[Leaf]) -> None:  # noqa: C901 - all in one frame
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str):
                into.append((str(name), item))
            elif isinstance(item, (dict, list)):
                _walk(item, str(name), into)
            elif isinstance(item, Unknown):
                into.append((str(name), item))
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                into.append((key, item))
            elif isinstance(item, (dict, list)):
                _walk(item, key, into)
            elif isinstance(item, Unknown):
                into.append((key, item))
