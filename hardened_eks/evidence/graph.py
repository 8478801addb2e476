"""References: the resources that a value mentions, across stacks, by intrinsic functions or as literals."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import identifiers
from hardened_eks.evidence.directory import ARNS, Directory
from hardened_eks.evidence.expressions import MAX_DEPTH, OUTPUTS, VARIABLE, is_intrinsic, may_be_an_output, output_of
from hardened_eks.evidence.intrinsics import once
from hardened_eks.evidence.leaves import leaves_of
from hardened_eks.evidence.left_open import FUNCTIONS, returns_values
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hardened_eks.evidence.leaves import Leaf
    from hardened_eks.evidence.resource import Resource
    from hardened_eks.evidence.unknown import Output, Scope

_REFERENCES: Final = frozenset({"Ref", *OUTPUTS})
_NAMING: Final = frozenset({"Ref", "Fn::GetAtt", "Fn::Sub"})
"""Functions that name a resource, and no export or stack."""
_ALARM_RULE: Final = "AlarmRule"
_ALARM: Final = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
_ALARMS: Final = regex(r"(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?([^\"()]+)\"?\s*\)")
"""The alarms in the rule of a composite alarm: by name or ARN, quoted or not."""


def target(value: Any, template: Scope, depth: int = 0) -> Resource | None:
    """Return the single resource that an intrinsic function points at, across stacks, or None."""
    if isinstance(value, Unknown):
        value, template = value.expression, value.template
    if depth > MAX_DEPTH or not isinstance(value, dict) or len(value) != 1 or not is_intrinsic(value):
        return None
    return _followed(value, template, depth)


def _followed(value: dict[str, Any], template: Scope, depth: int) -> Resource | None:
    """Return the single resource that an intrinsic function points at."""
    ((function, argument),) = value.items()
    if function == "Ref" and isinstance(argument, str):
        here: Resource | None = template.resources.get(argument)
        if here is not None:
            return here
        if template.parent is not None and argument in template.parent[1]:
            above, passed = template.parent
            return once(template, ("target", argument), lambda: target(passed[argument], above, depth + 1), None)
        return None
    if function == "Fn::GetAtt" and not may_be_an_output(argument):
        return _attribute(argument, template)
    if function in OUTPUTS:
        read = output_of(function, argument, template)
        behind = _output(read, depth) if read is not None else None
        return behind or _attribute(argument, template) if function == "Fn::GetAtt" else behind
    found = list(dict.fromkeys(mentioned(argument if function != "Fn::Sub" else value, template, depth + 1)))
    return found[0] if len(found) == 1 else None


def _attribute(argument: Any, template: Scope) -> Resource | None:
    """Return the resource whose attribute is read."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    name = parts[0] if isinstance(parts, list) and parts else None
    found: Resource | None = template.resources.get(name) if isinstance(name, str) else None
    return found


def _output(read: Output, depth: int) -> Resource | None:
    """Return what an output of a stack points at."""
    home, name, written = read
    return once(home, ("target", name), lambda: target(written, home, depth + 1), None)


def mentioned(value: Any, template: Scope, depth: int = 0) -> list[Resource]:
    """Return every resource that `value` refers to, at any depth, once for each reference."""
    found: list[Resource] = []
    _gather(value, template, depth, found)
    return found


def _gather(value: Any, template: Scope, depth: int, into: list[Resource]) -> None:
    level = [value]
    while level and depth <= MAX_DEPTH:
        below: list[Any] = []
        for tree in level:
            if isinstance(tree, dict):
                if len(tree) == 1:
                    ((function, argument),) = tree.items()
                    if function in _REFERENCES:
                        found = _followed(tree, template, depth + 1)
                        if found is not None:
                            into.append(found)
                        continue
                    if function == "Fn::Sub":
                        _gather_from_sub(argument, template, depth, into)
                        continue
                below += tree.values()
            elif isinstance(tree, list):
                below += tree
        level = below
        depth += 1


def _gather_from_sub(argument: Any, template: Scope, depth: int, into: list[Resource]) -> None:
    pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if isinstance(variables, dict):
        _gather(variables, template, depth + 1, into)
    for literal, name in VARIABLE.findall(pattern) if isinstance(pattern, str) else ():
        if not literal and not (isinstance(variables, dict) and name in variables):
            reference = {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}
            _gather(reference, template, depth + 1, into)


def precedes(first: Resource, second: Resource) -> bool:
    """Return whether CloudFormation creates `first` before `second`, because of DependsOn or references."""
    template = second.template
    if first.template is template and not _may_be_needed(first):
        return False
    seen: set[str] = set()
    waiting = [second]
    while waiting:
        resource = waiting.pop()
        needed = set(_referred(resource))
        needed |= {template.resources[name] for name in resource.depends_on if name in template.resources}
        if first in needed:
            return True
        for other in needed:
            if other.logical_id not in seen:
                seen.add(other.logical_id)
                waiting.append(other)
    return False


def _may_be_needed(resource: Resource) -> bool:
    """Return whether another resource of the template may refer to a resource or depend on it; False is certain."""
    template = resource.template
    if FUNCTIONS not in template.memo:
        return True
    names = once(template, ("needed", ""), lambda: _needed(template.memo[FUNCTIONS], template), None)
    return names is None or resource.logical_id in names


def _needed(functions: Iterable[dict[str, Any]], template: Scope) -> frozenset[str] | None:
    """Return the names of the resources that are referred to, among others; None if that is not known."""
    found = {name for resource in template.resources.values() for name in resource.depends_on}
    for one in functions:
        ((function, argument),) = one.items()
        name = argument[0] if isinstance(argument, list) and argument else argument
        if not isinstance(name, str) or function not in _NAMING:
            return None
        if function == "Fn::Sub":
            found |= {variable.partition(".")[0] for _, variable in VARIABLE.findall(name)}
        else:
            found.add(name.partition(".")[0] if "." in name else name)
    return frozenset(found)


def _referred(resource: Resource) -> tuple[Resource, ...]:
    """Return the resources of the same template that the properties refer to; cached, because many checks use it."""
    key, template = ("referred", resource.logical_id), resource.template

    def read() -> tuple[Resource, ...]:
        return tuple(r for r in mentioned(resource.body.get("Properties"), template) if r.template is template)

    return once(template, key, read, ())


class Graph:
    """The references between resources, by intrinsic functions and by literal IDs, ARNs and names."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        """Store the resources of an assembly, which are indexed on first use."""
        self._resources = resources
        self._directory = Directory(resources)
        self._targets: dict[tuple[Unknown, tuple[str, ...], str], Resource | None] = {}

    def target(self, value: Any, types: tuple[str, ...], home: Scope | None, key: str = "") -> Resource | None:
        """Return the resource that `value`, written in the template `home` as the property `key`, points at."""
        if isinstance(value, Unknown):
            asked = (value, types, key)
            if asked not in self._targets:
                self._targets[asked] = self._behind(value, types, key)
            found = self._targets[asked]
        else:
            found = self._directory.find(value, home, types, key) if isinstance(value, str) else None
        return found if found is None or not types or found.type in types else None

    def _behind(self, value: Unknown, types: Sequence[str], key: str) -> Resource | None:
        found = target(value.expression, value.template)
        if found is not None and found.type not in types and _is_answer(value.expression) and returns_values(found):
            return None
        if found is None and (types or key or "arn:" in str(value)):
            found = self._directory.find(str(value), value.template, types, key)
        return found

    def mentioned(self, value: Any, home: Scope, key: str = "") -> list[Resource]:
        """Return every resource that a resolved value of the template `home` mentions, at any depth."""
        found: list[Resource] = []
        self._gather(value, home, key, found)
        return found

    def users(self, resource: Resource) -> Mapping[str, Sequence[Resource]]:
        """Return the resources that mention `resource` anywhere in their properties, by type."""
        return self._users.get(resource, {})

    @cached_property
    def _users(self) -> Mapping[Resource, Mapping[str, Sequence[Resource]]]:
        found: dict[Resource, dict[str, list[Resource]]] = defaultdict(dict)
        for user in self._resources:
            used: list[Resource] = []
            own = identifiers.own_properties(user.type)
            for name, leaves in user.leaves.items():
                if name not in own:
                    if leaves:
                        self._gather_from_leaves(leaves, user.template, used)
                elif isinstance(value := user.properties[name], Unknown):  # it may contain names of other resources
                    _gather(value.expression, value.template, 0, used)
            for resource in dict.fromkeys(used):
                found[resource].setdefault(user.type, []).append(user)
        return found

    def _gather(self, value: Any, home: Scope, key: str, into: list[Resource]) -> None:
        self._gather_from_leaves(leaves_of(value, key), home, into)

    def _gather_from_leaves(self, leaves: Iterable[Leaf], home: Scope, into: list[Resource]) -> None:
        known = self._directory.known
        for key, value in leaves:
            if not isinstance(value, str):
                self._gather_from_unknown(value, home, key, into)
            elif value in known or "arn:" in value or key == _ALARM_RULE:
                self._gather_from_text(value, home, key, into)

    def _gather_from_unknown(self, value: Unknown, home: Scope, key: str, into: list[Resource]) -> None:
        expression = value.expression
        if isinstance(expression, dict) and len(expression) == 1 and not _REFERENCES.isdisjoint(expression):
            found = _followed(expression, value.template, 1)
            if found is not None:
                into.append(found)
            return
        branches = value.branches
        if branches != (value,):
            for branch in branches:
                self._gather(branch, home, key, into)
            return
        before = len(into)
        _gather(value.expression, value.template, 0, into)
        if _is_text(value.expression):
            self._gather_from_text(str(value), value.template, key, into, whole=len(into) == before)

    def _gather_from_text(self, text: str, home: Scope, key: str, into: list[Resource], *, whole: bool = True) -> None:
        found = self._directory.find(text, home, (), key or "-") if whole else None  # a name needs a property for it
        if found is not None:
            into.append(found)
            return
        names = [name.strip() for name in _ALARMS.findall(text)] if key == _ALARM_RULE else ()
        into.extend(found for name in names if (found := self._directory.find(name, home, _ALARM)) is not None)
        arns = ARNS.findall(text) if "arn:" in text and not names else ()
        into.extend(found for arn in arns if (found := self._directory.find(arn, home)) is not None)


def _is_answer(expression: Any) -> bool:
    """Return whether an expression is an attribute: of a custom resource it is what the function returns."""
    return isinstance(expression, dict) and "Fn::GetAtt" in expression


def _is_text(expression: Any) -> bool:
    """Return whether an expression builds a string; a plain reference is followed instead."""
    return isinstance(expression, dict) and _REFERENCES.isdisjoint(expression)
