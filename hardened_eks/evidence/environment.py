"""Accounts and Regions: which templates can refer to each other, and which template is nearest."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.evidence.unknown import Scope

_Scope = TypeVar("_Scope", bound="Scope")


def is_account(text: str) -> bool:
    """Return whether a string is the number of an account: 12 digits."""
    return len(text) == 12 and text.isdecimal()


def differ(one: str, other: str) -> bool:
    """Return whether two accounts or Regions are known and different; an empty string is not known."""
    return bool(one and other and one != other)


def elsewhere(there: Scope, home: Scope) -> bool:
    """Return whether a template is known to belong to another account or Region than `home`."""
    return differ(there.account, home.account) or differ(there.region, home.region)


def nearness(there: Scope, home: Scope) -> int:
    """Return the distance of a template: the same one, the same environment, the same directory, or any other."""
    if there is home:
        return 3
    if home.account and home.region and there.account == home.account and there.region == home.region:
        return 2
    return int(os.path.dirname(there.path) == os.path.dirname(home.path))  # noqa: PTH120 - a text, and asked often


def nearest(found: Sequence[_Scope], home: Scope) -> _Scope:
    """Return the first of the templates that are nearest to `home`."""
    return max(found, key=lambda there: nearness(there, home))
