"""Requirements for AWS Config, with their tier, controls, frameworks and managed rules.

``config_packs.json`` is written by ``python -m tools.config_packs`` from the requirements and the catalog, so that
constructs, which do not import controls, create the same packs as the command line.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One requirement."""

    tier: str
    """``core``, ``module`` or ``account``."""
    controls: tuple[str, ...]
    """The IDs of the controls that cover it."""
    frameworks: tuple[str, ...]
    """The IDs of the frameworks with the requirement."""
    rules: tuple[str, ...]
    """The identifiers of the managed rules for it; empty if there is a Guard rule."""


@cache
def asked() -> Mapping[str, Asked]:
    """Return the requirements by key."""
    entries: dict[str, Any] = _files.document("config_packs.json")["requirements"]
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
    """Return the IDs of all frameworks with any of the requirements."""
    return tuple(sorted({name for one in asked().values() for name in one.frameworks}))
