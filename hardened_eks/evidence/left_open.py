"""Values that parameters of a template leave open, and the notes of who reads them.

A parameter without a default and without allowed values has the value that is given at deployment, and one of Parameter
Store the value that is there then: its default is a name. A value that only such parameters make up is left open.
Mappings and lists that hold one note each time somebody takes it out.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, SupportsIndex

from hardened_eks._records import dataclass
from hardened_eks.evidence import intrinsics
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterator, Mapping, ValuesView

    from hardened_eks.evidence.unknown import Scope, Surroundings

_HAS_ANY: Final = ("left open", "")
_SEPARATORS: Final = " \t\r\n:/,;.*-_@"
_PARTS: Final[Mapping[str, slice]] = {
    "Fn::Select": slice(-1, None),
    "Fn::Split": slice(-1, None),
    "Fn::If": slice(1, None),
}
"""Functions of a list of arguments -> those that the value comes from."""
_STORED: Final = "AWS::SSM::Parameter::Value<"
_BOOTSTRAP: Final = "/cdk-bootstrap/"
_WHOLE: Final = frozenset({"Fn::Base64", "Fn::ToJsonString"})


class Owner(Protocol):
    """The resource that a value is a property of."""

    logical_id: str
    template: Any


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """Somebody read a value that is left open."""

    resource: Owner
    path: str
    """The property, dotted."""
    parameters: tuple[str, ...]
    """The parameters that decide it, as the template that has them names them."""
    value: Unknown


def parameters_of(value: Any, template: Scope) -> tuple[str, ...]:
    """Return the parameters without which nothing is known of a value; empty where something is.

    Of the branches of an ``Fn::If``, one is enough. An id of something that exists says as little when it is written.
    """
    return tuple(dict.fromkeys(_open(value, template, 0)))


def has_any(template: Scope) -> bool:
    """Return whether a template, or one that it is nested in, has a parameter that leaves values open."""
    found: bool | None = template.memo.get(_HAS_ANY)
    if found is None:
        found = template.memo[_HAS_ANY] = any(map(_leaves_open, template.section("Parameters").values())) or (
            template.parent is not None and has_any(template.parent[0])
        )
    return found


def noting(properties: Any, resource: Owner) -> Any:
    """Return properties that note what is read of them; the same ones where they leave nothing open."""
    is_tree = isinstance(properties, dict | list)
    return _noting(properties, (), resource) if is_tree and has_any(resource.template) else properties


def _leaves_open(parameter: Any) -> bool:
    if not isinstance(parameter, dict):
        return False
    type_ = str(parameter.get("Type"))
    if type_.startswith(_STORED):
        if str(parameter.get("Default")).startswith(_BOOTSTRAP):
            return False  # in every template of the CDK, and in its rules alone
        type_ = type_.removeprefix(_STORED).removesuffix(">")
    elif "Default" in parameter or parameter.get("AllowedValues"):
        return False
    return not (type_.startswith(("AWS::", "List<AWS::")) and type_.rstrip(">").endswith("::Id"))


def _open(value: Any, template: Scope, depth: int) -> Iterator[str]:
    if isinstance(value, Unknown):
        yield from _open(value.expression, value.template, depth + 1)
        return
    if not isinstance(value, dict | list) or depth > intrinsics.MAX_DEPTH:
        return
    if isinstance(value, list) or not intrinsics.is_intrinsic(value):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _open(part, template, depth + 1)
        return
    function, argument = next(iter(value.items()))
    if function == "Ref":
        yield from _parameter(argument, template, depth)
    elif function in _PARTS and isinstance(argument, list):
        yield from _open(argument[_PARTS[function]], template, depth + 1)
    elif function in _WHOLE:
        yield from _open(argument, template, depth + 1)
    elif function == "Fn::Sub":
        yield from _text(argument, template, depth)
    elif function == "Fn::Join" and isinstance(argument, list):
        yield from _together(argument[-1] if argument and isinstance(argument[-1], list) else [], template, depth)


def _text(argument: Any, template: Scope, depth: int) -> Iterator[str]:
    pattern, given = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if isinstance(pattern, str) and isinstance(given, dict):
        names = [name for literal, name in intrinsics.VARIABLE.findall(pattern) if not literal]
        parts: list[Any] = [given.get(name, {"Ref": name}) for name in names]
        yield from _together([*parts, intrinsics.VARIABLE.sub("", pattern)], template, depth)


def _together(parts: list[Any], template: Scope, depth: int) -> Iterator[str]:
    """Yield the parameters of the parts of one string, unless some part of it is known."""
    found: list[str] = []
    for part in parts:
        names = list(_open(part, template, depth + 1))
        if not names and not (isinstance(part, str) and not part.strip(_SEPARATORS)):
            return
        found += names
    yield from found


def _parameter(name: Any, template: Scope, depth: int) -> Iterator[str]:
    if not isinstance(name, str) or name in template.parameters or name in template.section("Resources"):
        return
    if template.parent is not None and name in template.parent[1]:
        above, passed = template.parent
        yield from _open(passed[name], above, depth + 1)
    elif _leaves_open(template.section("Parameters").get(name)):
        yield name


def _noting(value: Any, path: tuple[str, ...], resource: Owner) -> Any:
    changed: dict[Any, Any] = {}
    notes: dict[Any, Note] = {}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            made = _noting(item, (*path, str(key)), resource)
            if made is not item:
                changed[key] = made
        elif isinstance(item, Unknown) and (names := parameters_of(item, resource.template)):
            notes[key] = Note(resource, ".".join((*path, str(key))), names, item)
    if not changed and not notes:
        return value
    if isinstance(value, dict):
        return OpenMapping({**value, **changed}, notes)
    return OpenList((changed.get(index, item) for index, item in enumerate(value)), notes)


def read(*notes: Note) -> None:
    """Note that these values were read."""
    for one in notes:
        assembly = one.resource.template.assembly
        if assembly is not None and assembly.opened is not None:
            assembly.opened.append(one)


@contextmanager
def unnoted(assembly: Surroundings | None) -> Iterator[None]:
    """Take no notes of what is read meanwhile."""
    before = assembly.opened if assembly is not None else None
    if assembly is None or before is None:
        yield
        return
    assembly.opened = None
    try:
        yield
    finally:
        assembly.opened = before


def apart(value: Any) -> tuple[Any, tuple[Note, ...]]:
    """Return a value without notes, unread, and the notes that it and all in it had."""
    if isinstance(value, OpenMapping):
        parts = {key: apart(item) for key, item in value.entries()}
        inner = (note for _, notes in parts.values() for note in notes)
        return {key: item for key, (item, _) in parts.items()}, (*value.notes.values(), *inner)
    if isinstance(value, OpenList):
        items = [apart(item) for item in list.__iter__(value)]
        return [item for item, _ in items], (*value.notes.values(), *(note for _, notes in items for note in notes))
    return value, ()


class OpenMapping(dict[str, Any]):
    """A mapping that notes which of its open values are read."""

    __slots__ = ("notes",)

    def __init__(self, entries: Mapping[str, Any], notes: Mapping[str, Note]) -> None:
        super().__init__(entries)
        self.notes = notes

    def entries(self) -> ItemsView[str, Any]:
        """Return the items, unread."""
        return super().items()

    def notes_of(self, key: str) -> tuple[Note, ...]:
        """Return the notes of an entry, and of all in it."""
        own = (self.notes[key],) if key in self.notes else ()
        return (*own, *apart(super().get(key))[1])

    def get(self, key: Any, default: Any = None) -> Any:
        if key in self.notes:
            read(self.notes[key])
        return super().get(key, default)

    def __getitem__(self, key: Any) -> Any:
        if key in self.notes:
            read(self.notes[key])
        return super().__getitem__(key)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        read(*self.notes.values())
        return super().items()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        read(*self.notes.values())
        return super().values()


class OpenList(list[Any]):
    """A list that notes which of its open items are read."""

    __slots__ = ("notes",)

    def __init__(self, items: Any, notes: Mapping[int, Note]) -> None:
        super().__init__(items)
        self.notes = notes

    def __iter__(self) -> Iterator[Any]:
        for index, item in enumerate(super().__iter__()):
            if index in self.notes:
                read(self.notes[index])
            yield item

    def __getitem__(self, index: Any) -> Any:
        keys = self.notes if not isinstance(index, int) or not self else self.notes.keys() & {index % len(self)}
        read(*(self.notes[key] for key in keys))
        return super().__getitem__(index)

    def __contains__(self, item: Any) -> bool:
        read(*self.notes.values())
        return super().__contains__(item)

    def index(self, value: Any, start: SupportsIndex = 0, stop: SupportsIndex = 2**62) -> int:
        read(*self.notes.values())
        return super().index(value, start, stop)
