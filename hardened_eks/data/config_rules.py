"""The managed rules of AWS Config; pure, read on first use.

The source is in ``config_rules.json``, which ``tools/config_rules.py`` writes: every identifier, and of the rules that
the requirements name also parameters, trigger and regions.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.data import regions

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTED: Final = frozenset({"aws", "aws-cn", "aws-us-gov"})
"""Partitions whose regions the list names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedRule:
    """One managed rule."""

    identifier: str
    """``EKS_ENDPOINT_NO_PUBLIC_ACCESS``."""
    trigger: str
    """``change``, ``periodic`` or ``both``."""
    required: tuple[str, ...]
    """Parameters without which it is refused."""
    defaults: Mapping[str, str]
    """Parameters for which the documentation has a default; only the console fills them in."""
    parameters: tuple[str, ...]
    """All parameters."""
    without: frozenset[str]
    """Regions that do not have it."""
    only: frozenset[str]
    """The only regions that have it. Empty: see `without`."""

    def available(self, region: str) -> bool | None:
        """Return whether a Region has the rule; None if the list lacks the Region."""
        if not listed(region):
            return None
        return region in self.only if self.only else region not in self.without


def listed(region: str) -> bool:
    """Return whether the list speaks of a region at all: of the public one, China and GovCloud, not of newer ones."""
    return regions.RELEASED.get(region) in _LISTED


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files("hardened_eks.data").joinpath("config_rules.json").read_text("utf-8"))
    return document


@cache
def identifiers() -> frozenset[str]:
    """Return the identifiers of all managed rules."""
    return frozenset(_document()["identifiers"])


@cache
def rule(identifier: str) -> ManagedRule | None:
    """Return a managed rule that the requirements name; None for any other."""
    entry = _document()["rules"].get(identifier)
    if entry is None:
        return None
    parameters: Mapping[str, Mapping[str, Any]] = entry.get("parameters", {})
    return ManagedRule(
        identifier=identifier,
        trigger=entry["trigger"],
        required=tuple(name for name, one in parameters.items() if one["required"]),
        defaults={name: str(one["default"]) for name, one in parameters.items() if "default" in one},
        parameters=tuple(parameters),
        without=frozenset(entry.get("without", ())),
        only=frozenset(entry.get("only", ())),
    )


def source() -> str:
    """Return where the data comes from, and when it was read."""
    return f"{_document()['source']}, read {_document()['read']}"
