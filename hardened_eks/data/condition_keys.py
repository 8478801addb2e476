"""The condition keys of IAM actions, read on first use.

The source is in ``condition_keys.json``, which ``tools/condition_keys.py`` writes. It contains the services that
policies of clusters and their accounts use, their own keys, and the three global keys that only some actions support.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import like
from hardened_eks.data._files import entry, head

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = "condition_keys.json"
OF_TAGS: Final = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
"""Global keys that only some actions support, in lower case."""


@cache
def _actions(service: str) -> Mapping[str, tuple[str, ...]]:
    """Return the prefixes of the keys of each action of a service in lower case; empty for unknown services."""
    found = {}
    for one in entry(_FILE, "services", service) or ():
        keys = tuple(key.partition("${")[0].lower() for key in one["keys"])
        found.update(dict.fromkeys(map(str.lower, one["actions"]), keys))
    return found


@cache
def offered(action: str, key: str) -> bool | None:
    """Return whether an action, or any action of a pattern, supports a condition key.

    Args:
        action: an action or pattern as in a policy, in any case: ``eks:CreateCluster``, ``eks:*``.
        key: the condition key, in any case: ``eks:endpointPublicAccess``, ``aws:ResourceTag/owner``.

    Returns:
        None where it is not known: an action or a service that is not known, a key of another service, or one that
        every action has.
    """
    service, _, name = action.lower().partition(":")
    key = key.lower()
    if not key.startswith((f"{service}:", *OF_TAGS)):
        return None
    known = _actions(service)
    matched = [known[name]] if name in known else [keys for one, keys in known.items() if _covers(name, one)]
    if not matched:
        return None
    if any(_is(key, one) for one in _further()):
        return None
    return any(_is(key, known_key) for keys in matched for known_key in keys)


def _covers(pattern: str, name: str) -> bool:
    return ("*" in pattern or "?" in pattern) and like(name, pattern)


def _is(key: str, known: str) -> bool:
    return key.startswith(known) if known.endswith(("/", ":")) else key == known


@cache
def exists(key: str) -> bool | None:
    """Return whether a key of a service is known, or None if the service is not known."""
    key = key.lower()
    known = _keys(key.partition(":")[0])
    return any(_is(key, one) for one in known) if known else None


@cache
def _keys(service: str) -> frozenset[str]:
    """Return the prefixes of the keys of a service in lower case; empty for unknown services."""
    known = _actions(service)
    return frozenset((*_further(), *chain(*known.values()))) if known else frozenset()


@cache
def _further() -> tuple[str, ...]:
    """Return the prefixes of keys that no action lists, in lower case."""
    return tuple(key.partition("${")[0].lower() for key in head(_FILE, "further"))


def source() -> str:
    """Return the source of the data, and the date it was read."""
    return f"{head(_FILE, 'source')}, read {head(_FILE, 'read')}"
