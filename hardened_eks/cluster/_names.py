"""Valid names of clusters, and the default name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk

from hardened_eks._asked import path_of, stack_of
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_text_token, is_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

NAME = regex(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
LONGEST_NAME = 100


def default_name(scope: Construct, id: str) -> str:
    """Return a name derived from the names of the stack and the constructs around the cluster."""
    stack = stack_of(scope)
    name = stack.stack_name
    if is_token(name):  # of a nested stack
        return derived_name(*path_of(scope).split("/"), id)
    if isinstance(scope, cdk.Stack):
        return derived_name(name, id)
    return derived_name(name, *path_of(scope).removeprefix(stack.node.path).split("/"), id)


def derived_name(*parts: str) -> str:
    """Return a cluster name derived from the names of the stack and constructs: stable, at most 100 characters."""
    full = "-".join(re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-") for part in parts if part)
    full = full.lstrip("_-") or "cluster"
    if len(full) <= LONGEST_NAME:
        return full
    return f"{full[: LONGEST_NAME - 9]}-{digest(full)}"


def digest(text: str) -> str:
    """Return eight hexadecimal digits that distinguish strings."""
    from hashlib import sha256  # OpenSSL needs 3 ms to load, and few clusters use it

    return sha256(text.encode()).hexdigest()[:8]


def name_problems(name: object) -> Iterator[str]:
    """Yield why a cluster's name is invalid."""
    if is_text_token(name):
        return
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield (
            "name needs 1 to 100 letters, digits, '-' or '_', the first a letter or digit "
            f"(it cannot be changed later), got {name!r}"
        )
