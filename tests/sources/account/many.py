"""Evidence of many clusters, generated: what one Region showed, again under other names, ids and accounts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hardened_eks.sources.saved import Environment

_ID = re.compile(r"\b((?:[a-z]+-)+)(?=[a-f]*\d)([0-9a-f]{3,17})\b")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{4}([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def accounts(one: Environment, *, accounts: int, clusters: int, names: tuple[str, ...]) -> Iterator[Environment]:
    """Yield accounts with clusters, each a copy of what `one` showed.

    Args:
        one: a Region of an account with one cluster.
        accounts: how many.
        clusters: in each account.
        names: patterns of what is in names: the cluster's, those of stacks. Their last three letters become a number.
    """
    text = json.dumps({"t": one.templates, "p": one.physical_ids, "c": one.clusters})
    for account in range(accounts):
        number = f"{account + 1:012d}"
        whole: dict[str, Any] = {"t": {}, "p": {}, "c": []}
        for cluster in range(clusters):
            copy = json.loads(_renamed(text, account * clusters + cluster, names).replace(one.account, number))
            for part in ("t", "p"):
                for stack, body in copy[part].items():
                    _merge(whole[part].setdefault(stack, {}), body)
            whole["c"] += copy["c"]
        yield Environment(
            number, one.region, tuple(whole["c"]), one.complete, one.not_seen, one.hidden, whole["t"], whole["p"]
        )


def _renamed(text: str, index: int, names: tuple[str, ...]) -> str:
    told = _ID.sub(lambda m: f"{m[1]}{index:04x}{m[2]}", text)
    told = _UUID.sub(lambda m: f"{index:04x}{m[1]}", told)
    for name in names:
        told = re.sub(name, lambda m: f"{m[0][:-3]}{index:03d}", told)
    return told


def _merge(into: dict[str, Any], body: dict[str, Any]) -> None:
    """Add the resources of a stack, or the ids of its resources."""
    for key, value in body.items():
        if key == "Resources":
            into.setdefault(key, {}).update(value)
        else:
            into[key] = value
