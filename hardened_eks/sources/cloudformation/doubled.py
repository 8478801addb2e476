"""Duplicate keys in a mapping, of which CloudFormation uses the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

_BESIDE: Final = frozenset(
    {"CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy"}
)


def is_harmless(path: Sequence[str]) -> bool:
    """Return whether a duplicate key is harmless: it is not a resource or property, which would be lost."""
    if path[0] != "Resources":
        return True
    return len(path) > 2 and path[2] in _BESIDE and not path[1].startswith("Fn::ForEach::")


def problem(file: str, key: str, first: int, line: int) -> InputProblem:
    """Return the problem with a duplicate key."""
    return InputProblem(file, f"duplicate key {key!r}, which is first on line {first}: the last one would apply", line)


def note(doubled: InputProblem) -> str:
    """Return the note on a harmless duplicate key."""
    message = doubled.message.replace(
        "the last one would apply", "the last one applies, and the first one is not evaluated"
    )
    return str(InputProblem(doubled.path, message, doubled.line))
