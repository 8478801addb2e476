"""The template before a change set, from CloudFormation's description of each change.

The description contains values before and after the change, while the template contains functions. So an unchanged
property stays as in the template, and a changed one gets its previous value.

CloudFormation does not know the value of a function on a resource that the same change set modifies or creates. It
shows `LATER` in its place, even if the value stays the same. The value of a new resource does change. That of a
modified one usually does not, so the property stays as in the template, with a sentence about it.
"""

from __future__ import annotations

import json
import re
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LATER: Final = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""The value that CloudFormation shows for one that it knows only during deployment."""
_NOTHING: Final = object()
_NEW: Final = frozenset({"ADD", "CREATE", "IMPORT"})
_GONE: Final = frozenset({"REMOVE", "DELETE"})
_OPEN: Final = "the change set does not know whether the value changes, so no control evaluates its change"
_IN_SUB: Final = re.compile(r"\$\{([A-Za-z0-9]+)")


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
    told = [
        (change["logicalResourceId"], str(change.get("action", "")).upper(), change)
        for change in (changes if isinstance(changes, list) else ())
        if isinstance(change, dict) and isinstance(change.get("logicalResourceId"), str)
    ]
    actions = {name: action for name, action, _ in told}
    for name, action, change in told:
        old, new = (_properties(change.get(key)) for key in ("beforeContext", "afterContext"))
        if action in _NEW:
            resources.pop(name, None)
            was_there.discard(name)
        elif old is None:
            notes.append(f"{name}: the change set lacks its previous state, so no control evaluates its change")
        elif action in _GONE:
            resources[name] = {"Type": change.get("resourceType"), "Properties": old}
            was_there.add(name)
        elif isinstance(entry := resources.get(name), dict):
            earlier = _Earlier(actions)
            resources[name] = {**entry, "Properties": earlier.of(entry.get("Properties", {}), old, new or {})}
            notes += (f"{name}.{path}: {_OPEN}" for path in earlier.open)
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


@dataclass(slots=True)
class _Earlier:
    """The previous value of the properties of one resource."""

    actions: Mapping[str, str]
    """Logical ID -> action of the change set."""
    open: list[str] = field(default_factory=list)
    """Paths of values that may or may not change."""

    def of(self, written: Any, old: Any, new: Any, path: tuple[str, ...] = ()) -> Any:
        """Return a value of the template, with the previous values of its changed parts."""
        if old == new:
            return written
        if not all(isinstance(one, dict) for one in (written, old, new)) or _is_function(written) or len(path) > 100:
            if _differs_later(old, new) and self._may_stay(written):
                self.open.append(".".join(path))
                return written
            return old
        return {
            key: value
            for key in _keys(written, old, new)
            if (value := self._part(key, written, old, new, path)) is not _NOTHING
        }

    def _part(
        self,
        key: str,
        written: Mapping[str, Any],
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        path: tuple[str, ...],
    ) -> Any:
        if old.get(key, _NOTHING) == new.get(key, _NOTHING):
            return written.get(key, _NOTHING)
        if key not in old:
            return _NOTHING
        return self.of(written.get(key), old[key], new.get(key), (*path, key))

    def _may_stay(self, written: Any) -> bool:
        """Return whether a value depends on modified resources, and on no new one."""
        found = {self.actions[name] for name in _named(written) if name in self.actions}
        return bool(found) and not found & (_NEW | _GONE)


def _differs_later(old: Any, new: Any) -> bool:
    """Return whether two values differ only in parts that CloudFormation knows later."""
    if isinstance(new, str):
        return LATER in new
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(
            one == other or _differs_later(one, other) for one, other in zip(old, new, strict=True)
        )
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(
            old[key] == new[key] or _differs_later(old[key], new[key]) for key in old
        )
    return False


def _named(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the logical IDs in the functions of a value."""
    if depth > 100:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            first = item[0] if isinstance(item, list) and item else item
            if key in {"Ref", "Fn::GetAtt"} and isinstance(first, str):
                yield first.partition(".")[0]
            elif key == "Fn::Sub" and isinstance(first, str):
                yield from _IN_SUB.findall(first)
            yield from _named(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, depth + 1)


def _keys(*mappings: Mapping[str, Any]) -> Sequence[str]:
    return tuple(dict.fromkeys(key for mapping in mappings for key in mapping))


def _is_function(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))
