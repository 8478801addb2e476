"""One channel from the channels of a detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.alerts._combined import as_channel, several

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.alerts import AlertChannel


def listed(given: Any) -> list[Any]:
    """Return the channels of an argument that may have one or several."""
    return list(given) if isinstance(given, list | tuple) else [given]


def one_of(given: Sequence[Any]) -> AlertChannel:
    """Return one channel for several."""
    return as_channel(given[0]) if len(given) == 1 else several(*given)
