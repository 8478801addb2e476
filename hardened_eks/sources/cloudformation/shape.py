"""Is this a CloudFormation template? And its loops, expanded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.problems import InputProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOOP: Final = "Fn::ForEach::"
_TYPE: Final = re.compile(r"[A-Za-z0-9_]+(::[A-Za-z0-9_@-]+)+")
_MAX_COPIES: Final = 10_000


def mistakes(
    body: Any, path: str, line: Callable[[tuple[str, ...]], int | None], *, by_cdk: bool = False
) -> list[InputProblem]:
    """Return why `body` is no template whose every resource can be judged: nothing is skipped silently.

    Only the CDK writes templates without resources (a stack of outputs), `by_cdk`.
    """
    if not isinstance(body, dict):
        return [InputProblem(path, f"not a CloudFormation template: a {_kind(body)}, not a mapping with Resources", 1)]
    resources = body.get("Resources")
    if "Resources" not in body:
        if by_cdk:
            return []
        return [InputProblem(path, f"not a CloudFormation template: no Resources (keys: {_keys(body)})", 1)]
    if not isinstance(resources, dict):
        return [InputProblem(path, f"Resources is a {_kind(resources)}, not a mapping", line(("Resources",)))]
    return [
        InputProblem(path, f"resource {logical_id!r} {_fault(entry)}", line(("Resources", logical_id)))
        for logical_id, entry in resources.items()
        if not _fine(entry)
    ]


def _fine(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    type_ = entry.get("Type")
    properties = entry.get("Properties")
    return isinstance(type_, str) and _TYPE.fullmatch(type_) is not None and isinstance(properties, dict | None)


def _fault(entry: Any) -> str:
    if not isinstance(entry, dict):
        return f"is a {_kind(entry)}, not a mapping with a Type"
    type_ = entry.get("Type")
    if "Type" not in entry:
        return "has no Type"
    if not isinstance(type_, str) or _TYPE.fullmatch(type_) is None:
        return f"has Type {type_!r}, which is no resource type such as AWS::EKS::Cluster"
    return f"has Properties that are a {_kind(entry.get('Properties'))}, not a mapping"


def expand_loops(
    body: Any, parameters: Mapping[str, Any], path: str, line: Callable[[tuple[str, ...]], int | None]
) -> tuple[Any, list[InputProblem]]:
    """Return `body` with every ``Fn::ForEach`` under Resources written out, and the loops that cannot be."""
    resources = body.get("Resources") if isinstance(body, dict) else None
    if not isinstance(resources, dict) or not any(str(key).startswith(_LOOP) for key in resources):
        return body, []
    problems: list[InputProblem] = []
    expanded: dict[str, Any] = {}
    for key, value in resources.items():
        if not key.startswith(_LOOP):
            expanded[key] = value
            continue
        try:
            expanded.update(_loop(value, parameters))
        except (ValueError, RecursionError) as error:
            problems.append(InputProblem(path, f"{key} cannot be written out: {error}", line(("Resources", key))))
    return {**body, "Resources": expanded}, problems


def _loop(value: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    if (
        not isinstance(value, list)
        or len(value) != 3
        or not isinstance(value[0], str)
        or not isinstance(value[2], dict)
    ):
        raise ValueError("it takes a list of an identifier, a collection and a mapping")
    identifier, collection, output = value
    built: dict[str, Any] = {}
    for item in _collection(collection, parameters):
        for key, entry in _replace(output, identifier, str(item)).items():
            built.update(_loop(entry, parameters) if key.startswith(_LOOP) else {key: entry})
        if len(built) > _MAX_COPIES:
            raise ValueError(f"it makes more than {_MAX_COPIES} resources")
    return built


def _collection(collection: Any, parameters: Mapping[str, Any]) -> list[Any]:
    if isinstance(collection, dict) and set(collection) == {"Ref"}:
        name = collection["Ref"]
        if not isinstance(name, str) or not isinstance(parameters.get(name), list):
            raise ValueError(f"its collection is the parameter {name!r}, fix it with --parameters {name}=a,b")
        return list(parameters[name])
    if not isinstance(collection, list) or not all(isinstance(item, str | int) for item in collection):
        raise ValueError("its collection is neither a list of texts nor a parameter")
    return collection


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


def _kind(value: Any) -> str:
    names = {dict: "mapping", list: "list", str: "text", bool: "boolean", int: "number", float: "number"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _keys(body: dict[str, Any]) -> str:
    shown = ", ".join(sorted(map(str, body))[:6])
    return shown + (", ..." if len(body) > 6 else "") if body else "none"
