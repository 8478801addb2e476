"""What intrinsic functions point at: the resources that a value mentions, across stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.intrinsics import MAX_DEPTH, VARIABLE, is_intrinsic, once, text
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.evidence.resource import Resource
    from hardened_eks.evidence.unknown import Scope

_REFERENCES: Final = frozenset({"Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::GetStackOutput"})


def target(value: Any, template: Scope, depth: int = 0) -> Resource | None:
    """Return the one resource that an intrinsic points at, across stacks, or None."""
    if isinstance(value, Unknown):
        return target(value.expression, value.template, depth)
    if depth > MAX_DEPTH or not is_intrinsic(value):
        return None
    function, argument = next(iter(value.items()))
    if function == "Ref" and isinstance(argument, str):
        if argument in template.resources:
            here: Resource = template.resources[argument]
            return here
        if template.parent is not None and argument in template.parent[1]:
            above, passed = template.parent
            return once(template, ("target", argument), lambda: target(passed[argument], above, depth + 1), None)
        return None
    if function == "Fn::GetAtt":
        return _attribute(argument, template, depth)
    if function == "Fn::ImportValue" and template.assembly is not None:
        exported = template.assembly.export(argument, template)
        if exported is None:
            return None
        home, name, written = exported
        return once(home, ("export target", name), lambda: target(written, home, depth + 1), None)
    if function == "Fn::GetStackOutput" and template.assembly is not None and isinstance(argument, dict):
        return _stack_output(argument, template, depth)
    found = list(dict.fromkeys(mentioned(argument if function != "Fn::Sub" else value, template, depth + 1)))
    return found[0] if len(found) == 1 else None


def _attribute(argument: Any, template: Scope, depth: int) -> Resource | None:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or not parts or not isinstance(parts[0], str):
        return None
    resource = template.resources.get(parts[0])
    attribute = parts[1] if len(parts) > 1 else None
    if resource is not None and resource.type == "AWS::CloudFormation::Stack" and isinstance(attribute, str):
        nested = next(
            (
                t
                for t in (template.assembly.templates if template.assembly else ())
                if t.parent and t.name == resource.id
            ),
            None,
        )
        output = nested.section("Outputs").get(attribute.removeprefix("Outputs.")) if nested else None
        if nested is not None and isinstance(output, dict):
            written = output.get("Value")
            return once(nested, ("output target", attribute), lambda: target(written, nested, depth + 1), None)
    return resource


def _stack_output(argument: dict[str, Any], template: Scope, depth: int) -> Resource | None:
    name = text(argument.get("StackName"), template)
    key = text(argument.get("OutputName"), template)
    other = next((t for t in (template.assembly.templates if template.assembly else ()) if t.name == name), None)
    output = other.section("Outputs").get(key) if other else None
    if other is None or not isinstance(output, dict):
        return None
    written, home = output.get("Value"), other
    return once(home, ("output target", key), lambda: target(written, home, depth + 1), None)


def mentioned(value: Any, template: Scope, depth: int = 0) -> list[Resource]:
    """Return every resource that `value` refers to, at any depth, as often as it does."""
    found: list[Resource] = []
    _gather(value, template, depth, found)
    return found


def _gather(value: Any, template: Scope, depth: int, into: list[Resource]) -> None:
    if depth > MAX_DEPTH or not isinstance(value, dict | list):
        return
    items: Iterable[Any] = value
    if isinstance(value, dict):
        function = next(iter(value)) if is_intrinsic(value) else None
        if function in _REFERENCES:
            found = target(value, template, depth + 1)
            if found is not None:
                into.append(found)
            return
        if function == "Fn::Sub":
            _gather_from_sub(value["Fn::Sub"], template, depth, into)
            return
        items = value.values()
    for item in items:
        if not isinstance(item, str):
            _gather(item, template, depth + 1, into)


def _gather_from_sub(argument: Any, template: Scope, depth: int, into: list[Resource]) -> None:
    pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if isinstance(variables, dict):
        _gather(variables, template, depth + 1, into)
    for literal, name in VARIABLE.findall(pattern) if isinstance(pattern, str) else ():
        if not literal and not (isinstance(variables, dict) and name in variables):
            reference = {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}
            _gather(reference, template, depth + 1, into)


def precedes(first: Resource, second: Resource) -> bool:
    """Say whether CloudFormation makes `first` before `second`: by DependsOn or by a reference, at any distance."""
    template = second.template
    seen: set[str] = set()
    waiting = [second]
    while waiting:
        resource = waiting.pop()
        needed = {r for r in mentioned(resource.body.get("Properties"), template) if r.template is template}
        needed |= {template.resources[name] for name in resource.depends_on if name in template.resources}
        if first in needed:
            return True
        for other in needed:
            if other.logical_id not in seen:
                seen.add(other.logical_id)
                waiting.append(other)
    return False
