"""Policy documents of identities and resources, as statements with convenient look-ups."""

from __future__ import annotations

import json
from dataclasses import field, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import like
from hardened_eks._records import dataclass
from hardened_eks.evidence import Unknown, conditions
from hardened_eks.evidence.conditions import CALLER_KEYS, requires
from hardened_eks.evidence.intrinsics import once, structure
from hardened_eks.evidence.noting import OpenMapping, apart, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.evidence import Resource
    from hardened_eks.evidence.noting import Note

__all__ = ["CALLER_KEYS", "Statement", "matches", "of", "placed", "requires", "statements", "texts"]
_PARTS: Final = {
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
    "principals": "Principal",
    "conditions": "Condition",
}
"""Part of a statement -> its key in the document."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, with single values as lists of one, and tokens rendered as ``${...}``."""

    place: str
    """Its path in the document: ``Statement.0``, ``Statement`` if it is not a list, empty if not known."""
    effect: str
    """``Allow`` or ``Deny``; an effect that is not known counts as Allow."""
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    """(kind, value): ``("AWS", "*")``, ``("Service", "eks.amazonaws.com")``. A bare ``*`` is ``("AWS", "*")``."""
    not_principals: bool
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Operator -> key, both in lower case -> values."""
    unknown: bool
    """Whether the statement as a whole is not known before deployment."""
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict, compare=False, repr=False)
    """For `_Noting`: the values that a parameter leaves open, by the name of the part."""

    def at(self, path: str) -> str:
        """Return its path, based on the path of the document."""
        return f"{path}.{self.place}" if self.place else path

    @property
    def allows(self) -> bool:
        """Return whether the statement allows something."""
        return self.effect != "Deny"

    def does(self, action: str) -> bool:
        """Return whether the statement includes an action, by name or wildcard."""
        excluded = self.not_actions
        for pattern in excluded or (() if self.unknown else self.actions):
            if matches(action, pattern):
                return not excluded
        return bool(excluded) or self.unknown

    @property
    def anybody(self) -> bool:
        """Return whether the principal is everybody, regardless of conditions.

        A Deny must name everybody: one with NotPrincipal, or for every principal of a kind, spares somebody.
        """
        if not self.allows:
            return ("AWS", "*") in self.principals
        return self.not_principals or any(value == "*" for _, value in self.principals)

    @property
    def public(self) -> bool:
        """Return whether everybody is admitted: no condition limits the statement to known callers."""
        return self.allows and self.anybody and not self.tied_to_callers

    @property
    def tied_to_callers(self) -> bool:
        """Return whether a condition names the allowed callers, accounts, organizations or networks."""
        return conditions.names_callers(self.conditions)

    @property
    def narrowed(self) -> bool:
        """Return whether a condition narrows the statement, which excludes conditions that every call meets."""
        return conditions.narrowed(self.conditions, self.actions)

    @property
    def condition_keys(self) -> Mapping[str, tuple[str, ...]]:
        """Operator -> condition keys, for callers that do not need the values."""
        return {operator: tuple(keys) for operator, keys in _CONDITIONS(self).items()}

    def condition(self, key: str) -> tuple[str, ...]:
        """Return the values of a condition key for every operator, empty if the key is not used."""
        return tuple(
            v for keys in self.conditions.values() for name, vs in keys.items() if name == key.lower() for v in vs
        )


class _Noting(Statement):
    """A statement that records reads of the parts that parameters leave open."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        notes = _NOTES(self)
        if name in notes:
            read(*notes[name])
        return super().__getattribute__(name)


_NOTES: Final = Statement.__dict__["notes"].__get__
_CONDITIONS: Final = Statement.__dict__["conditions"].__get__


@lru_cache(maxsize=8192)
def matches(action: str, pattern: str) -> bool:
    """Return whether an action matches a pattern with the IAM wildcards ``*`` and ``?``, ignoring case."""
    action, pattern = action.lower(), pattern.lower()
    return like(action, pattern)


def statements(document: Any) -> Iterator[Statement]:
    """Yield the statements of a policy document; a document that is not known yields one unknown statement."""
    document = structure(document)
    text = document if isinstance(document, str) else str(document) if isinstance(document, Unknown) else None
    if text is not None:
        # A trust policy written as a string with tokens (IRSA) is valid JSON once the tokens are rendered.
        try:
            document = json.loads(text)
        except ValueError:
            if isinstance(document, Unknown):
                yield _unknown("")
            return
    entries = document.get("Statement") if isinstance(document, dict) else None
    for place, entry in placed(entries):
        yield from statement_of(place, entry)


def statement_of(place: str, entry: Any) -> Iterator[Statement]:
    """Yield the statement that is written at a path; nothing for what cannot be one."""
    if isinstance(entry, dict):
        yield _statement(place, entry)
    elif isinstance(entry, Unknown):
        yield _unknown(place)


def of(resource: Resource, path: str) -> Sequence[Statement]:
    """Return the statements of the policy document at `path`; parsed once, because many controls read it.

    Args:
        resource: the resource with the policy.
        path: dotted path of the document.
    """
    document = resource.get(path)
    if type(document) is not dict:  # each caller records its reads of open values, not only the first one
        return tuple(statements(document))
    key = (f"policy at {path}", resource.logical_id)
    return once(resource.template, key, lambda: tuple(statements(document)), ())


def placed(entries: Any) -> Iterator[tuple[str, Any]]:
    """Yield each statement under ``Statement`` with its path: the items of a list, or a single statement."""
    if isinstance(entries, list):
        yield from ((f"Statement.{index}", entry) for index, entry in enumerate(entries))
    elif entries or isinstance(entries, Unknown):  # an Unknown is not true or false
        yield "Statement", entries


def notes_of(entry: Any) -> dict[str, tuple[Note, ...]]:
    """Return the notes of a written statement, by the name of the part of a `Statement`."""
    if not isinstance(entry, OpenMapping):
        return {}
    found = {part: entry.notes_of(key) for part, key in _PARTS.items()}
    return {part: notes for part, notes in found.items() if notes}


def noting(statement: Statement, place: str, notes: Mapping[str, tuple[Note, ...]]) -> Statement:
    """Return a statement with another path, which records notes when its parts are read."""
    if not notes:
        return statement if statement.place == place else replace(statement, place=place)
    parts = {one.name: getattr(statement, one.name) for one in fields(Statement)}
    return _Noting(**{**parts, "place": place, "notes": notes})


def _statement(place: str, written: Mapping[str, Any]) -> Statement:
    notes, entry = notes_of(written), apart(written)[0]
    return (_Noting if notes else Statement)(
        place=place,
        effect="Deny" if entry.get("Effect") == "Deny" else "Allow",
        actions=texts(entry.get("Action")),
        not_actions=texts(entry.get("NotAction")),
        resources=texts(entry.get("Resource")),
        not_resources=texts(entry.get("NotResource")),
        principals=tuple(_principals(entry.get("Principal"))),
        not_principals="NotPrincipal" in entry,
        conditions=_conditions(entry.get("Condition")),
        unknown=False,
        notes=notes,
    )


def _unknown(place: str) -> Statement:
    return Statement(place, "Allow", (), (), (), (), (), not_principals=False, conditions={}, unknown=True)


def texts(value: Any) -> tuple[str, ...]:
    """Render a value or list of values as strings."""
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for kind, names in value.items():
            for name in texts(names):
                yield str(kind), name
    else:
        for name in texts(value):
            yield "AWS", name


def _conditions(value: Any) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    if not isinstance(value, dict):
        return {}
    return {
        str(operator).lower(): {str(key).lower(): texts(wanted) for key, wanted in keys.items()}
        for operator, keys in value.items()
        if isinstance(keys, dict)
    }
