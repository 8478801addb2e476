"""The tables of events: what each detection must tell, and what it must leave alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardened_eks.detections import Source
from tests.detections.events import (
    STRANGERS,
    TRUSTED,
    Event,
    denied,
    described,
    elsewhere,
    made_by,
    replayed,
)

BUS, AUDIT, TRAIL, AUTHENTICATOR = Source.EVENTBRIDGE, Source.AUDIT_LOG, Source.TRAIL_LOG, Source.AUTHENTICATOR_LOG
CONTAINERS = Source.CONTAINERS_LOG


@dataclass(frozen=True)
class Case:
    """Events for one expression: dicts of the event bus, or lines of a log."""

    fires: tuple[Any, ...]
    silent: tuple[Any, ...]


Table = dict[tuple[str, Source], Case]


def calls(
    fires: list[Event], silent: list[Event], *, trust: bool = True, denials: bool = False, api: bool = True
) -> Case:
    """API calls, with the near misses that all of them have.

    Args:
        trust: Trusted automation is left out. CloudFormation of a foreign role is not, nor what the trusted role does
            without CloudFormation.
        denials: Denied calls are told as well.
        api: The detection is about one API, and the same call of another is a near miss.
    """
    first = fires[0]
    near = [replayed(first), described(first)]
    more = []
    if api:
        near.append(elsewhere(first))
    if not denials:
        near.append(denied(first))
    if trust:
        near += [made_by(one, TRUSTED) for one in fires]
        more += [made_by(first, by) for by in STRANGERS]
    return Case((*fires, *more), (*silent, *near))


def events(fires: list[Event], silent: list[Event]) -> Case:
    """Events of a service that are no API calls."""
    return Case(tuple(fires), (*silent, replayed(fires[0]), described(fires[0])))


def lines(fires: list[str], silent: list[str]) -> Case:
    """Lines of a log."""
    return Case(tuple(fires), tuple(silent))
