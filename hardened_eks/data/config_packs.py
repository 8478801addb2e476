"""What the catalog asks of AWS Config: by requirement its tier, controls, standards and managed rules; pure.

``config_packs.json`` is written by ``python -m tools.config_packs`` from the requirements and the catalog, so that
constructs, which know no control, make the same packs as the command line.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One requirement."""

    tier: str
    """``core``, ``module`` or ``account``."""
    controls: tuple[str, ...]
    """IDs of the controls that answer it."""
    frameworks: tuple[str, ...]
    """IDs of the standards that ask for it."""
    rules: tuple[str, ...]
    """Identifiers of the managed rules that ask for it; none where a rule in Guard does."""


@cache
def asked() -> Mapping[str, Asked]:
    """Return the questions by key of the requirement."""
    text = files("hardened_eks.data").joinpath("config_packs.json").read_text("utf-8")
    entries: dict[str, Any] = json.loads(text)["requirements"]
    return {
        key: Asked(
            tier=entry["tier"],
            controls=tuple(entry["controls"]),
            frameworks=tuple(entry["frameworks"]),
            rules=tuple(entry["rules"]),
        )
        for key, entry in entries.items()
    }


@cache
def frameworks() -> tuple[str, ...]:
    """Return the IDs of the standards that ask for any of it."""
    return tuple(sorted({name for one in asked().values() for name in one.frameworks}))
