"""Kubernetes versions as templates write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.evidence.unknown import branches

if TYPE_CHECKING:
    from collections.abc import Iterator


def written(value: Any) -> str | None:
    """Return a version as a string (YAML may read 1.36 as a number), or None if it is not a literal."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def versions(value: Any) -> Iterator[tuple[str | None, str]]:
    """Yield each possible version of `value` (None if it is not a literal), with its text for messages."""
    for branch in branches(value):
        version = written(branch)
        yield version, version or ("not set" if branch is None else f"{branch}, known only at deployment")
