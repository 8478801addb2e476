"""YAML as CloudFormation reads it: short-form functions, dates and keys as strings, and no duplicate keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from hardened_eks._patterns import regex
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.sources.cloudformation import doubled, go_yaml
from hardened_eks.sources.cloudformation.parsing import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_NODES: Final = 1_000_000
"""The maximum number of values in a document after its aliases are expanded."""
_SAFE_DEPTH: Final = 2_000
_DEEP_LINE: Final = regex(rf"^[ ?:-]{{{_SAFE_DEPTH},}}", re.MULTILINE)
_TAG: Final = "tag:yaml.org,2002:"
_FUNCTIONS: Final = frozenset({
    "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "GetStackOutput", "If", "ImportValue", "Join",
    "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform", "Contains", "EachMemberEquals",
    "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll",
})  # fmt: skip
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """Composes YAML nodes; dates stay strings, as in CloudFormation."""


# The lists are copied, because the tables belong to the loaders of PyYAML.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != f"{_TAG}timestamp"]
    for first, resolvers in _BASE.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str, path: str, harmless: list[InputProblem] | None = None) -> Any:
    """Return the data of one YAML document; harmless duplicate keys go to `harmless`, if it is set.

    Raises:
        UnusableInputError: with the line, for invalid YAML, several documents, unknown tags, duplicate keys, keys that
            are not strings, aliases that expand without limit, or nesting that is too deep.
    """
    reader = _Reader(path, harmless)
    data = reader.read(_compose(text, path))
    if reader.problems:
        raise UnusableInputError(reader.problems)
    return data


def parse_documents(text: str, path: str) -> list[tuple[Any, dict[tuple[str, ...], int]]]:
    """Return the data of each YAML document in a stream, with the line of each key path, without empty documents.

    The values are those that kubectl reads: ``y`` is true, ``0x0`` is a number.

    Raises:
        UnusableInputError: as `parse_yaml` does.
    """
    reader = _Reader(path, by_go=True)
    roots = _compose(text, path, several=True)
    found = [(reader.read(root), {(): root.start_mark.line + 1, **_lines(root)}) for root in roots]
    if reader.problems:
        raise UnusableInputError(reader.problems)
    return [(data, lines) for data, lines in found if data is not None]


def yaml_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return key path -> line for a string that `parse_yaml` accepts. List items have their index."""
    return _lines(_compose(text, ""))


def _lines(root: Any) -> dict[tuple[str, ...], int]:
    lines: dict[tuple[str, ...], int] = {}
    stack: list[tuple[tuple[str, ...], Any]] = [((), root)]
    while stack:
        path, node = stack.pop()
        if len(lines) > _MAX_NODES:
            break
        for key, line, child in _children(node):
            here = (*path, key)
            if here not in lines:
                lines[here] = line
                stack.append((here, child))
    return lines


def _children(node: Any) -> Iterator[tuple[str, int, Any]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield _name(key), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield str(index), value.start_mark.line + 1, value


def _compose(text: str, path: str, *, several: bool = False) -> Any:
    """Return the root node of the single document, or a list of all root nodes with `several`."""
    loader = _Loader(text)
    try:
        if _may_be_deep(text):
            _refuse_depth(text, path)
        return list(_nodes(loader)) if several else loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        raise UnusableInputError(
            [InputProblem(path, f"not valid YAML: {what}", mark.line + 1 if mark else None)]
        ) from None
    except yaml.YAMLError as error:
        raise UnusableInputError([InputProblem(path, f"not valid YAML: {' '.join(str(error).split())}")]) from None
    except RecursionError:
        raise UnusableInputError([InputProblem(path, f"nested more than {MAX_DEPTH} levels deep")]) from None
    finally:
        loader.dispose()


def _nodes(loader: Any) -> Iterator[Any]:
    while loader.check_node():
        yield loader.get_node()


def _may_be_deep(text: str) -> bool:
    """Return, with a cheap check, whether `text` may nest so deeply that libyaml overflows the stack."""
    return text.count("[") + text.count("{") > _SAFE_DEPTH or _DEEP_LINE.search(text) is not None


def _refuse_depth(text: str, path: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_BASE):  # events are read one by one, without recursion
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else None
                raise UnusableInputError([InputProblem(path, f"nested more than {MAX_DEPTH} levels deep", line)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Reader:
    """Converts composed nodes to data, and collects every mistake."""

    def __init__(self, path: str, harmless: list[InputProblem] | None = None, *, by_go: bool = False) -> None:
        self.path = path
        self._by_go = by_go
        self.problems: list[InputProblem] = []
        self._harmless = harmless
        self._nodes = 0
        self._keys: list[str] = []

    def read(self, node: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if node is None:
            return None
        if depth > MAX_DEPTH:
            raise UnusableInputError([self._problem(node, f"nested more than {MAX_DEPTH} levels deep")])
        if self._nodes > _MAX_NODES:
            raise UnusableInputError([self._problem(node, f"more than {_MAX_NODES} values once aliases are expanded")])
        tag = node.tag
        if not tag.startswith(_TAG):
            return self._intrinsic(node, tag, depth)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, tag.removeprefix(_TAG))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(
                    self._problem(key, "a key is a list or mapping, but CloudFormation needs a string")
                )
                continue
            if key.tag == f"{_TAG}merge":
                sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in reversed(sources):
                    found = self.read(source, depth + 1)
                    merged.update(found if isinstance(found, dict) else {})
                if self._by_go:
                    self._refuse_late(key, data, merged)
                continue
            name = _name(key)
            line = key.start_mark.line + 1
            self._keys.append(name)
            if name in data:
                may_be = self._harmless is not None and doubled.is_harmless(self._keys)
                into = self._harmless if may_be and self._harmless is not None else self.problems
                into.append(doubled.problem(self.path, name, lines[name], line))
            lines[name] = line
            data[name] = self.read(value, depth + 1)
            self._keys.pop()
        return {**merged, **data} if merged else data

    def _refuse_late(self, merge: Any, data: dict[str, Any], merged: dict[str, Any]) -> None:
        """Report a merge after a key that it has as well: it replaces the key for kubectl, but not for kustomize."""
        for name in data.keys() & merged.keys():
            if data[name] != merged[name]:
                message = (
                    f"the merge (<<) has the key {name!r}, which is before it, again: tools differ in which applies"
                )
                self.problems.append(self._problem(merge, f"{message}; write << first"))

    def _scalar(self, node: Any, kind: str) -> Any:
        value = node.value
        # A value in quotation marks has one of the other tags only if its author wrote it: !!bool "y".
        if self._by_go and (kind in {"bool", "int", "float"} or (kind == "str" and not node.style)):
            return go_yaml.plain(value)
        if kind == "str":
            return value
        if kind == "bool":
            return yaml.SafeLoader.bool_values.get(value.lower(), value)
        if kind == "null":
            return None
        if kind in {"int", "float"}:
            return _number(value, kind)
        if kind in {"timestamp", "value", "merge"}:
            return value
        self.problems.append(self._problem(node, f"unknown tag !!{kind}, which CloudFormation does not support"))
        return value

    def _intrinsic(self, node: Any, tag: str, depth: int) -> Any:
        name = tag.removeprefix("!")
        if name not in _FUNCTIONS and name not in {"Ref", "Condition"}:
            known = ", ".join(f"!{n}" for n in sorted({*_FUNCTIONS, "Ref", "Condition"}))
            self.problems.append(self._problem(node, f"unknown tag {tag}; CloudFormation supports {known}"))
            return None
        if isinstance(node, yaml.ScalarNode):
            argument: Any = node.value
            if name == "GetAtt":
                argument = argument.split(".", 1)
        elif isinstance(node, yaml.SequenceNode):
            argument = [self.read(item, depth + 1) for item in node.value]
        else:
            argument = self._mapping(node, depth)
        return {name if name in {"Ref", "Condition"} else f"Fn::{name}": argument}

    def _problem(self, node: Any, message: str) -> InputProblem:
        return InputProblem(self.path, message, node.start_mark.line + 1)


def _name(key: Any) -> str:
    """Return a key as a string; a function keeps its tag (``!Sub ${A}``), because CloudFormation allows none there."""
    value: str = key.value
    return value if key.tag.startswith(_TAG) else f"{key.tag} {value}"


def _number(value: str, kind: str) -> Any:
    """Return a YAML number. Unusual forms (1_000, 0o17, 1:30) stay strings, because they were not meant as numbers."""
    try:
        return int(value) if kind == "int" else float(value)
    except ValueError:
        return value
