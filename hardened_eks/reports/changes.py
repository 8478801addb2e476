"""What differs between an account and its templates, or between an account then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from hardened_eks.judging.drift import Drift
    from hardened_eks.reports.model import Entry


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from what was compared with."""

    with_: str
    """What was compared with, as given."""
    new: tuple[Entry, ...] = ()
    """Findings that were not there."""
    fixed: tuple[Entry, ...] = ()
    """Findings that were there."""
    drift: tuple[Drift, ...] = ()
    """Properties of the account that are not what its templates say."""
    alone: tuple[str, ...] = ()
    """Resources of the account that are in no stack."""
