"""What a template becomes when it is deployed with its parameters' defaults, or with another choice of its conditions.

An unknown value is not what AWS refuses, so controls of the deployable family pass over it. The values a template
itself offers are judged all the same: each `Alternative` is one way in which it can be deployed.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Assembly, Resource, Template, intrinsics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MOST: Final = 12
"""Alternatives that are judged; a template with more choices has the rest unjudged."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to deploy the templates."""

    name: str
    """For the end of a message: ``with Stage = prod``."""
    assembly: Assembly
    resources: Mapping[tuple[str, str], Resource]
    """By template name and logical id; without those whose condition is false."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A value for one parameter, or that conditions which compare it are false."""

    name: str
    template: Template
    values: Mapping[str, Any] = field(default_factory=dict)
    false: Sequence[str] = ()


def alternatives(assembly: Assembly) -> list[Alternative]:
    """Return the ways to deploy `assembly` that its templates spell out; none where they have no parameters to set."""
    defaults = {template: _defaults(template) for template in assembly.templates}
    choices = itertools.chain.from_iterable(_choices(template) for template in assembly.templates)
    found = [_build("with the parameters' defaults", assembly, defaults)] if any(defaults.values()) else []
    found += [_build(choice.name, assembly, defaults, choice) for choice in itertools.islice(choices, _MOST)]
    return found


def _build(
    name: str, assembly: Assembly, defaults: Mapping[Template, Mapping[str, Any]], choice: _Choice | None = None
) -> Alternative:
    made: dict[Template, Template] = {}
    for template in assembly.templates:
        own = choice if choice is not None and choice.template is template else None
        parent = (made[template.parent[0]], template.parent[1]) if template.parent else None
        made[template] = dataclasses.replace(
            template,
            parent=parent,
            parameters={**defaults[template], **(own.values if own else {}), **template.parameters},
            assembly=None,
            resources={},
            memo={("condition", condition): False for condition in (own.false if own else ())},
        )
        _drop_conditional(made[template])
    other = Assembly(made.values(), today=assembly.today)
    return Alternative(name, other, {(r.template.name, r.logical_id): r for r in other.of("*")})


def _drop_conditional(template: Template) -> None:
    """Leave out the resources that are not made."""
    for logical_id, resource in list(template.resources.items()):
        wanted = resource.body.get("Condition")
        if isinstance(wanted, str) and intrinsics.condition(wanted, template) is False:
            del template.resources[logical_id]


def _parameters(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the parameters whose value is what whoever deploys writes."""
    passed = template.parent[1] if template.parent else {}
    for name, parameter in template.section("Parameters").items():
        if not isinstance(parameter, dict) or name in template.parameters or name in passed:
            continue
        if not str(parameter.get("Type")).startswith("AWS::SSM::"):  # there the value is the name of the value
            yield str(name), parameter


def _value(parameter: Mapping[str, Any], written: Any) -> Any:
    type_, text = str(parameter.get("Type")), _text(written)
    is_list = type_.startswith("List<") or type_ == "CommaDelimitedList"
    return [part.strip() for part in text.split(",")] if is_list else text


def _text(written: Any) -> str:
    """Parameters are texts: YAML's true is "true"."""
    return str(written).lower() if isinstance(written, bool) else str(written)


def _defaults(template: Template) -> dict[str, Any]:
    return {
        name: _value(parameter, parameter["Default"])
        for name, parameter in _parameters(template)
        if isinstance(parameter.get("Default"), str | int | float)
    }


def _choices(template: Template) -> Iterator[_Choice]:
    """Yield the other values of parameters that conditions compare or mappings are looked up with."""
    conditions = template.section("Conditions")
    compared: dict[str, list[tuple[str, str]]] = {}
    for condition, expression in conditions.items():
        for name, literal in _comparisons(expression):
            compared.setdefault(name, []).append((str(condition), literal))
    keys = set(_keys(template.body.get("Resources"))) if template.section("Mappings") else set()
    for name, parameter in _parameters(template):
        if name not in compared and name not in keys:
            continue
        allowed, default = parameter.get("AllowedValues"), parameter.get("Default")
        offered = allowed if isinstance(allowed, list) else [literal for _, literal in compared.get(name, ())]
        for value in dict.fromkeys(map(_text, offered)):
            if value != _text(default):
                yield _Choice(f"with {name} = {value}", template, {name: _value(parameter, value)})
        if default is None and not isinstance(allowed, list):
            literals = ", ".join(dict.fromkeys(literal for _, literal in compared.get(name, ())))
            false = [
                condition
                for condition, _ in compared.get(name, ())
                if isinstance(conditions[condition], dict) and "Fn::Equals" in conditions[condition]
            ]
            yield _Choice(f"with {name} other than {literals}", template, false=false)


def _comparisons(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (parameter, literal) of every ``Fn::Equals`` in a condition."""
    if not isinstance(value, dict | list) or depth > intrinsics.MAX_DEPTH:
        return
    sides = value.get("Fn::Equals") if isinstance(value, dict) else None
    if isinstance(sides, list) and len(sides) == 2:
        for one, other in (sides, reversed(sides)):
            name = one.get("Ref") if isinstance(one, dict) else None
            if isinstance(name, str) and isinstance(other, str):
                yield name, other
        return
    for item in value.values() if isinstance(value, dict) else value:
        yield from _comparisons(item, depth + 1)


def _keys(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the parameters with which ``Fn::FindInMap`` looks something up."""
    if not isinstance(value, dict | list) or depth > intrinsics.MAX_DEPTH:
        return
    lookup = value.get("Fn::FindInMap") if isinstance(value, dict) else None
    for part in lookup if isinstance(lookup, list) else ():
        if isinstance(part, dict) and isinstance(part.get("Ref"), str):
            yield part["Ref"]
    for item in value.values() if isinstance(value, dict) else value:
        yield from _keys(item, depth + 1)
