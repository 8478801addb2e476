"""The template before a change set, from CloudFormation's description of each change.

The description contains values before and after the change, while the template contains functions. So an unchanged
property stays as in the template, and a changed one gets its previous value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NOTHING: Final = object()
_GONE: Final = frozenset({"REMOVE", "DELETE"})


def before(body: Mapping[str, Any], changes: Any) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the previous template, and a sentence for each resource whose previous state is not known.

    Args:
        body: the template of the change set.
        changes: ``changedResources`` of its payload.

    Returns:
        The template, None if nothing was deployed; and the sentences.
    """
    written = body.get("Resources")
    resources = dict(written) if isinstance(written, dict) else {}
    notes: list[str] = []
    was_there = set(resources)
    for change in changes if isinstance(changes, list) else ():
        if not isinstance(change, dict) or not isinstance(change.get("logicalResourceId"), str):
            continue
        name, action = change["logicalResourceId"], str(change.get("action", "")).upper()
        old, new = (_properties(change.get(key)) for key in ("beforeContext", "afterContext"))
        if action in {"ADD", "CREATE", "IMPORT"}:
            resources.pop(name, None)
            was_there.discard(name)
        elif old is None:
            notes.append(f"{name}: the change set lacks its previous state, so no control evaluates its change")
        elif action in _GONE:
            resources[name] = {"Type": change.get("resourceType"), "Properties": old}
            was_there.add(name)
        elif isinstance(entry := resources.get(name), dict):
            resources[name] = {**entry, "Properties": _was(entry.get("Properties", {}), old, new or {})}
    return ({**body, "Resources": resources} if was_there else None), tuple(notes)


def _properties(context: Any) -> dict[str, Any] | None:
    """Return the properties of an encoded context; None without one."""
    try:
        data = json.loads(context) if isinstance(context, str) else context
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    inner = data.get("Properties", data)
    return inner if isinstance(inner, dict) else None


def _was(written: Any, old: Any, new: Any, depth: int = 0) -> Any:
    """Return a value of the template, with the previous values of its changed parts."""
    if old == new:
        return written
    if not all(isinstance(one, dict) for one in (written, old, new)) or _is_function(written) or depth > 100:
        return old
    return {
        key: value for key in _keys(written, old, new) if (value := _of(key, written, old, new, depth)) is not _NOTHING
    }


def _of(key: str, written: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], depth: int) -> Any:
    if old.get(key, _NOTHING) == new.get(key, _NOTHING):
        return written.get(key, _NOTHING)
    if key not in old:
        return _NOTHING
    return _was(written.get(key), old[key], new.get(key), depth + 1)


def _keys(*mappings: Mapping[str, Any]) -> Sequence[str]:
    return tuple(dict.fromkeys(key for mapping in mappings for key in mapping))


def _is_function(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))
