"""Mappings and lists that record every access to a value that a template leaves open (`left_open`)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, SupportsIndex

from hardened_eks._records import dataclass
from hardened_eks.evidence.left_open import has_any, openings_of
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterator, Mapping, ValuesView
    from typing import Protocol

    from hardened_eks.evidence.left_open import Opening
    from hardened_eks.evidence.unknown import Surroundings

    class Owner(Protocol):
        """The resource that has the property."""

        logical_id: str
        template: Any


_IDS: Final = frozenset({
    "AllocationId", "FileSystemId", "GroupId", "HostedZoneId", "InstanceId", "NetworkAclId", "NetworkInterfaceId",
    "RouteTableId", "RouteTableIds", "SecurityGroupId", "SecurityGroupIds", "SubnetId", "SubnetIds", "Subnets",
    "VolumeId", "VpcId",
})  # fmt: skip
"""Properties with the ID of an existing resource. A control that does not follow the ID learns as much from a written
one; a control that follows it reports that it does not see the resource."""


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """An access to a value that is left open."""

    resource: Owner
    path: str
    """The dotted path of the property."""
    openings: tuple[Opening, ...]
    """The openings that determine the value, by their names in their template."""
    value: Unknown


def noting(properties: Any, resource: Owner) -> Any:
    """Return properties that record accesses to open values; the same object if they leave nothing open."""
    is_tree = isinstance(properties, dict | list)
    return _noting(properties, (), resource) if is_tree and has_any(resource.template) else properties


def _noting(value: Any, path: tuple[str, ...], resource: Owner) -> Any:
    changed: dict[Any, Any] = {}
    notes: dict[Any, Note] = {}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            made = _noting(item, (*path, str(key)), resource)
            if made is not item:
                changed[key] = made
        elif not isinstance(item, Unknown) or (key if isinstance(key, str) else path[-1] if path else "") in _IDS:
            continue
        elif openings := openings_of(item, resource.template):
            notes[key] = Note(resource, ".".join((*path, str(key))), openings, item)
    if not changed and not notes:
        return value
    if isinstance(value, dict):
        return OpenMapping({**value, **changed}, notes)
    return OpenList((changed.get(index, item) for index, item in enumerate(value)), notes)


def read(*notes: Note) -> None:
    """Record accesses to these values."""
    for one in notes:
        assembly = one.resource.template.assembly
        if assembly is not None and assembly.opened is not None:
            assembly.opened.append(one)


def read_whole(properties: Unknown, resource: Owner) -> None:
    """Record an access to properties that are open as a whole."""
    openings = openings_of(properties, resource.template)
    if openings:
        read(Note(resource, "Properties", openings, properties))


@contextmanager
def unnoted(assembly: Surroundings | None) -> Iterator[None]:
    """Record no accesses in this context."""
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
    """Return a value without its notes, and all its notes, without recording an access."""
    if isinstance(value, OpenMapping):
        parts = {key: apart(item) for key, item in value.entries()}
        inner = (note for _, notes in parts.values() for note in notes)
        return {key: item for key, (item, _) in parts.items()}, (*value.notes.values(), *inner)
    if isinstance(value, OpenList):
        items = [apart(item) for item in list.__iter__(value)]
        return [item for item, _ in items], (*value.notes.values(), *(note for _, notes in items for note in notes))
    return value, ()


class OpenMapping(dict[str, Any]):
    """A mapping that records accesses to its open values."""

    __slots__ = ("notes",)

    def __init__(self, entries: Mapping[str, Any], notes: Mapping[str, Note]) -> None:
        super().__init__(entries)
        self.notes = notes

    def entries(self) -> ItemsView[str, Any]:
        """Return the items without recording an access."""
        return super().items()

    def notes_of(self, key: str) -> tuple[Note, ...]:
        """Return the notes of an entry and of everything in it."""
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
    """A list that records accesses to its open items."""

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
