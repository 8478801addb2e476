"""What is left of an expression when one clause of it is dropped."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.detections.metric_filters import Leaf, Node, evaluate, matches, parse
from tests.detections.run import event_matches

Mutant = tuple[str, Callable[[Any], bool]]


def mutants(filled: Any) -> Iterator[Mutant]:
    """Yield the name of each clause, and the verdict without it."""
    if isinstance(filled, dict):
        for name, pattern in _patterns(filled):
            yield name, lambda event, pattern=pattern: event_matches(pattern, event)
    elif filled.startswith("{"):
        for name, tree in _trees(parse(filled)):
            yield name, lambda line, tree=tree: tree is None or evaluate(tree, json.loads(line))
    else:
        for term in re.findall(r'-?"(?:[^"\\]|\\.)*"', filled):
            rest = filled.replace(term, "", 1).strip() or '" "'
            yield term, lambda line, rest=rest: matches(rest, line)


def _patterns(pattern: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Drop each key with a list, each value of a list, and each branch of an $or."""
    for path in _paths(pattern):
        changed = copy.deepcopy(pattern)
        *way, last = path
        parent = changed
        for step in way:
            parent = parent[step]
        del parent[last]
        if changed := _pruned(changed):
            yield ".".join(map(str, path)), changed


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        here = (*path, key)
        if isinstance(child, list):
            if key != "$or":
                yield here
            if len(child) > 1:
                yield from ((*here, index) for index in range(len(child)))
            if key == "$or" or (path and path[-1] == "$or"):
                yield from (p for p in _paths(child, here) if len(p) > len(here) + 1)
        elif isinstance(child, dict):
            yield from _paths(child, here)


def _pruned(value: Any) -> Any:
    """Drop what is empty; an $or of one branch is that branch, of an empty one no condition."""
    if isinstance(value, list):
        return [_pruned(item) if isinstance(item, dict) and item else item for item in value]
    result: dict[str, Any] = {}
    for key, child in value.items():
        new = _pruned(child) if isinstance(child, dict | list) else child
        if key == "$or":
            if len(new) == 1:
                result = _merged(result, new[0])
            elif all(new):
                result[key] = new
        elif new != {}:
            result[key] = new
    return result


def _merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    both = {k: _merged(left[k], right[k]) for k in left.keys() & right.keys() if isinstance(left[k], dict)}
    return {**left, **right, **both}


def _trees(tree: Any) -> Iterator[tuple[str, Any]]:
    """Drop each condition; None: no condition is left."""
    if isinstance(tree, Leaf):
        yield f"{tree.selector} {tree.operator} {tree.operand}", None
        return
    for index, child in enumerate(tree.children):
        rest = tree.children[:index] + tree.children[index + 1 :]
        for name, changed in _trees(child):
            children = rest if changed is None else (*tree.children[:index], changed, *tree.children[index + 1 :])
            yield name, children[0] if len(children) == 1 else Node(tree.sign, children)
