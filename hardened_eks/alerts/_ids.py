"""Construct IDs of the resources of channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._tokens import is_token

if TYPE_CHECKING:
    from constructs import Construct


def unique(kind: str, *different: str) -> str:
    """Return a construct ID for one of a kind that every synthesis repeats. Tokens are numbered in their order."""
    from hashlib import sha256  # OpenSSL needs 3 ms to load, and few channels use it

    fixed = [text for text in different if text and not is_token(text)]
    return f"{kind}{sha256('|'.join(fixed).encode()).hexdigest()[:8].upper()}" if fixed else kind


def free(scope: Construct, id: str) -> str:
    """Return an ID that is free in a scope: this one, or this one with a number."""
    number = 1
    while scope.node.try_find_child(found := id if number == 1 else f"{id}{number}") is not None:
        number += 1
    return found
