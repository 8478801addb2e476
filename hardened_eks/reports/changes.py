"""Differences between an account and its templates, or between two states of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from hardened_eks.judging.drift import Drift
    from hardened_eks.reports.model import Entry


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences of a comparison."""

    with_: str
    """The path of the comparison, as given."""
    new: tuple[Entry, ...] = ()
    """Findings that are new."""
    fixed: tuple[Entry, ...] = ()
    """Findings that no longer exist."""
    drift: tuple[Drift, ...] = ()
    """Properties of the account that differ from its templates."""
    alone: tuple[str, ...] = ()
    """Resources of the account that are in no stack."""
