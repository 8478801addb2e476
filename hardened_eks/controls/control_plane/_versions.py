"""Kubernetes versions as templates write them."""

from __future__ import annotations

from typing import Any


def written(value: Any) -> str | None:
    """Return a version as text (YAML may read 1.36 as a number), None for anything that is no literal."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
