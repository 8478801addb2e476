"""Channels told apart: an alarm tells topics by itself, and all others through a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.alerts._combined import _Several, as_channel, several
from hardened_eks.alerts._topic import GivenTopic, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.alerts import AlertChannel


def listed(given: Any) -> list[Any]:
    """Return the channels of an argument that may be one or several."""
    return list(given) if isinstance(given, list | tuple) else [given]


def one_of(given: Sequence[Any]) -> AlertChannel:
    """Return one channel for several."""
    return as_channel(given[0]) if len(given) == 1 else several(*given)


def split(channel: AlertChannel) -> tuple[list[AlertChannel], list[AlertChannel]]:
    """Return the topics of a channel, and its other channels."""
    if isinstance(channel, _Several):
        parts = [split(part) for part in channel.channels]
        return [t for topics, _ in parts for t in topics], [o for _, others in parts for o in others]
    return ([channel], []) if isinstance(channel, Topic | GivenTopic) else ([], [channel])
