"""The AWS Config managed rules, read on first use.

The source is in ``config_rules.json``, which ``tools/config_rules.py`` writes: every identifier, and for the rules of
requirements also parameters, trigger and Regions.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.data import _files, regions

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTED: Final = frozenset({"aws", "aws-cn", "aws-us-gov"})
"""Partitions whose Regions the list contains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedRule:
    """One managed rule."""

    identifier: str
    """``EKS_ENDPOINT_NO_PUBLIC_ACCESS``."""
    trigger: str
    """``change``, ``periodic`` or ``both``."""
    required: tuple[str, ...]
    """Mandatory parameters."""
    defaults: Mapping[str, str]
    """Parameters with a documented default, which only the console sets."""
    parameters: tuple[str, ...]
    """All parameters."""
    without: frozenset[str]
    """Regions that do not support it."""
    only: frozenset[str]
    """The only Regions that support it. Empty: see `without`."""

    def available(self, region: str) -> bool | None:
        """Return whether a Region supports the rule, or None if the list lacks the Region."""
        if not listed(region):
            return None
        return region in self.only if self.only else region not in self.without


def listed(region: str) -> bool:
    """Return whether the list covers a Region: the public partition, China and GovCloud, but not newer ones."""
    return regions.RELEASED.get(region) in _LISTED


def _document() -> dict[str, Any]:
    document: dict[str, Any] = _files.document("config_rules.json")
    return document


@cache
def identifiers() -> frozenset[str]:
    """Return the identifiers of all managed rules."""
    return frozenset(_document()["identifiers"])


@cache
def rule(identifier: str) -> ManagedRule | None:
    """Return a managed rule of the requirements, or None."""
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
    """Return the source of the data, and the date it was read."""
    return f"{_document()['source']}, read {_document()['read']}"
