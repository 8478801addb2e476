"""Expansion of loops (``Fn::ForEach``), as in AWS::LanguageExtensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.errors import InputProblem
from hardened_eks.evidence.expressions import is_list, is_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORD: Final = "Fn::ForEach::"
"""The prefix of the key of a loop."""
_SECTIONS: Final = ("Conditions", "Resources", "Outputs")
_MAX_COPIES: Final = 10_000

Keys = tuple[str, ...]
Items = tuple[tuple[str, str], ...]
"""The identifier and current item of each enclosing loop."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A template with expanded loops."""

    body: Any
    problems: list[InputProblem] = field(default_factory=list)
    """Problems of loops that cannot be expanded."""
    notes: list[str] = field(default_factory=list)
    """Assumptions, such as the defaults of parameters."""
    moved: dict[Keys, Keys] = field(default_factory=dict)
    """Path of an expanded entry -> path of its pattern."""


class MovedLines(Mapping[Keys, int]):
    """The lines of the keys of a template; an expanded entry has the line of its pattern."""

    def __init__(self, lines: Mapping[Keys, int], moved: Mapping[Keys, Keys]) -> None:
        """Store the lines of the template, and the moved paths."""
        self._lines = lines
        self._moved = moved

    def __getitem__(self, path: Keys) -> int:
        origin = self._moved.get(path[:2])
        return self._lines[path if origin is None else origin + path[2:]]

    def __iter__(self) -> Iterator[Keys]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def expand(body: Any, parameters: Mapping[str, Any], path: str, line: Callable[[Keys], int | None]) -> Expanded:
    """Expand every loop of a template, at any depth of its conditions, resources and outputs.

    Args:
        body: the template.
        parameters: parameter values. A loop over another parameter uses its default.
        path: the file, for messages.
        line: a function that returns the line of a key.
    """
    found = Expanded(body)
    if not isinstance(body, dict):
        return found
    loops = _Loops(body, parameters)
    sections: dict[str, Any] = {}
    for name in _SECTIONS:
        section = body.get(name)
        if not isinstance(section, dict):
            continue
        sections[name] = {}
        for key, value in section.items():
            try:
                made = loops.entries(str(key), value, (name, str(key)))
                sections[name].update({entry: shaped for entry, shaped, _ in made})
                found.moved.update({(name, entry): origin for entry, _, origin in made if origin[-1] != entry})
            except (ValueError, RecursionError) as error:
                message = f"{key} cannot be expanded: {error}"
                found.problems.append(InputProblem(path, message, line((name, str(key)))))
    for parameter in loops.defaults:
        found.notes.append(f"{path}: loops are evaluated only with the default of the parameter {parameter}")
    return Expanded({**body, **sections}, found.problems, found.notes, found.moved)


class _Loops:
    """Expands the loops of one template."""

    def __init__(self, body: dict[str, Any], parameters: Mapping[str, Any]) -> None:
        self._body = body
        self._parameters = parameters
        self.defaults: dict[str, None] = {}
        """The parameters whose default was used."""

    def entries(self, key: str, value: Any, origin: Keys, items: Items = ()) -> list[tuple[str, Any, Keys]]:
        """Return (key, value, path in the template) for the entries under a key; for a loop, all expanded entries."""
        if not key.startswith(WORD):
            return [(_put(key, items), self._inside(_put(value, items)), origin)]
        if (
            not isinstance(value, list)
            or len(value) != 3
            or not isinstance(value[0], str)
            or not isinstance(value[2], dict)
        ):
            raise ValueError("it needs a list of an identifier, a collection and a mapping")
        identifier, collection, output = value
        found: list[tuple[str, Any, Keys]] = []
        for item in self._collection(_put(collection, items)):
            for pattern, entry in output.items():
                found += self.entries(str(pattern), entry, (*origin, "2", pattern), (*items, (identifier, str(item))))
            if len(found) > _MAX_COPIES:
                raise ValueError(f"it creates more than {_MAX_COPIES} resources")
        return found

    def _inside(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._inside(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {name: shaped for key, item in value.items() for name, shaped, _ in self.entries(str(key), item, ())}

    def _collection(self, collection: Any) -> list[Any]:
        known = self._known(collection)
        if isinstance(known, list) and all(isinstance(item, str | int) for item in known):
            return known
        if isinstance(collection, dict) and set(collection) == {"Ref"}:
            name = collection["Ref"]
            raise ValueError(f"its collection is the parameter {name!r}; set it with --parameters {name}=a,b")
        if isinstance(collection, dict) and set(collection) == {"Fn::FindInMap"}:
            raise ValueError("its collection is Fn::FindInMap, of which no row is known before deployment")
        raise ValueError("its collection is neither a list of strings nor a parameter")

    def _known(self, value: Any) -> Any:
        """Return a value that the template, its parameters and mappings determine, or None."""
        if isinstance(value, list):
            return [self._known(item) if isinstance(item, dict) else item for item in value]
        if not isinstance(value, dict) or len(value) != 1:
            return value if isinstance(value, str | int) else None
        function, argument = next(iter(value.items()))
        if function == "Ref" and isinstance(argument, str):
            return self._parameter(argument)
        if function == "Fn::FindInMap" and isinstance(argument, list) and len(argument) in {3, 4}:
            row: Any = self._body.get("Mappings")
            for step in argument[:3]:
                key = self._known(step)
                row = row.get(str(key)) if isinstance(row, dict) and isinstance(key, str | int) else None
            return row
        return None

    def _parameter(self, name: str) -> Any:
        if name in self._parameters:
            return self._parameters[name]
        declared = self._body.get("Parameters")
        parameter = declared.get(name) if isinstance(declared, dict) else None
        if not isinstance(parameter, dict) or is_stored(parameter):
            return None
        default = parameter.get("Default")
        if not isinstance(default, str | int | float):
            return None
        self.defaults[name] = None
        return [part.strip() for part in str(default).split(",")] if is_list(parameter) else str(default)


def _put(value: Any, items: Items) -> Any:
    """Return a pattern with the items of its enclosing loops inserted, the outermost first."""
    for identifier, item in items:
        value = _replace(value, identifier, item)
    return value


def _replace(value: Any, identifier: str, item: str) -> Any:
    if isinstance(value, dict):
        if value == {"Ref": identifier}:
            return item
        return {_replace(k, identifier, item): _replace(v, identifier, item) for k, v in value.items()}
    if isinstance(value, list):
        return [_replace(v, identifier, item) for v in value]
    if isinstance(value, str):
        plain = "".join(filter(str.isalnum, item))
        return value.replace(f"${{{identifier}}}", item).replace(f"&{{{identifier}}}", plain)
    return value
