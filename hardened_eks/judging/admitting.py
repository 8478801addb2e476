"""Say what is not known where a control judges the worst case of it, and how to say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.controls.model import Problem
from hardened_eks.evidence import Resource, Unknown, intrinsics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence.unknown import Scope

_ADMITTED: Final = ("not known", "known only at", "known at deployment")
"""In the message of a control that says so itself."""
_OPEN: Final = frozenset({"Fn::If", "Fn::FindInMap", "Fn::ImportValue", "Fn::Transform", "Fn::GetStackOutput"})


def admit(problem: Problem, resource: Resource) -> Problem:
    """Return the problem as it is where its property is known; else one that says that it is the worst case.

    A reference to a resource, or a text of which pseudo parameters alone are unknown, is known well enough.
    """
    unknown, path = _nearest(resource, problem.path)
    if unknown is None:
        return problem
    names, is_open = [], False
    for name in _open(unknown.expression, unknown.template):
        is_open = True
        if name and name not in names:
            names.append(name)
    if not is_open:
        return problem
    message = problem.message
    if not any(words in message for words in _ADMITTED):
        message = f"{path} is not known before deployment; at worst, {message}"
    if names:
        values = " ".join(f"{name}=VALUE" for name in names)
        those = f"{names[0]} is a parameter" if len(names) == 1 else f"{' and '.join(names)} are parameters"
        message += f"; {those}: say {'its value' if len(names) == 1 else 'their values'} with --parameters {values}"
    return Problem(message, problem.path)


def _nearest(resource: Resource, path: str) -> tuple[Unknown | None, str]:
    """Return what is unknown at `path` or above it, and where it is."""
    value: Any = resource.properties
    steps: list[str] = []
    for step in path.split(".") if path else ():
        if isinstance(value, Unknown):
            break
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None, path
        steps.append(step)
    return (value, ".".join(steps) or "Properties") if isinstance(value, Unknown) else (None, path)


def _open(value: Any, template: Scope, depth: int = 0) -> Iterator[str]:
    """Yield the parameters in an expression, and an empty text for what nobody can say beforehand."""
    if isinstance(value, str) and intrinsics.LATER.match(value) and value.startswith("{{"):
        yield ""
    if not isinstance(value, dict | list) or depth > intrinsics.MAX_DEPTH:
        return
    function = next(iter(value), None) if isinstance(value, dict) and len(value) == 1 else None
    if function == "Ref":
        yield from _parameter(value["Ref"], template, depth)
        return
    if function == "Fn::Sub":
        argument = value["Fn::Sub"]
        pattern = argument[0] if isinstance(argument, list) and argument else argument
        for literal, name in intrinsics.VARIABLE.findall(pattern) if isinstance(pattern, str) else ():
            if not literal:
                yield from _parameter(name, template, depth)
        yield from _open(argument, template, depth + 1)
        return
    if function == "Fn::If":
        yield from _conditions(value["Fn::If"], template, depth)
    if function in _OPEN or (isinstance(value, dict) and "Fn::Transform" in value):
        yield ""
    for part in value.values() if isinstance(value, dict) else value:
        yield from _open(part, template, depth + 1)


def _parameter(name: Any, template: Scope, depth: int) -> Iterator[str]:
    if not isinstance(name, str) or name in template.parameters or name not in template.section("Parameters"):
        return
    if template.parent is not None and name in template.parent[1]:
        yield from _open(template.parent[1][name], template.parent[0], depth + 1)
        return
    parameter = template.section("Parameters")[name]
    yield "" if isinstance(parameter, dict) and intrinsics.is_hidden(parameter) else name


def _conditions(argument: Any, template: Scope, depth: int) -> Iterator[str]:
    """Yield the parameters that decide an ``Fn::If``."""
    wanted = argument[0] if isinstance(argument, list) and argument else None
    seen: set[str] = set()
    waiting = [wanted]
    while waiting:
        name = waiting.pop()
        if isinstance(name, str) and name not in seen:
            seen.add(name)
            written = template.section("Conditions").get(name)
            yield from _open(written, template, depth + 1)
            waiting += _named(written, depth)


def _named(expression: Any, depth: int) -> Iterator[Any]:
    if not isinstance(expression, dict | list) or depth > intrinsics.MAX_DEPTH:
        return
    if isinstance(expression, dict) and "Condition" in expression:
        yield expression["Condition"]
    for part in expression.values() if isinstance(expression, dict) else expression:
        yield from _named(part, depth + 1)
