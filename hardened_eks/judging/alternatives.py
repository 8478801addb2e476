"""The alternatives of templates: their content in each way in which they can be deployed."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from hardened_eks._records import dataclass
from hardened_eks.evidence import Assembly, Resource, Template, intrinsics
from hardened_eks.judging.choices import MOST, UNTRIED
from hardened_eks.judging.parameters import is_placeholder, plain, text, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hardened_eks.judging.choices import Choice, Option

    Decision = Mapping[Choice, Option]

Purpose = Literal["combination", "choice", "option"]
"""The purpose of an alternative: a combination of choices, one choice with all its options, or one option."""
_WORK: Final = 24_000
"""The maximum number of resources in all alternatives of an assembly for one purpose, which limits the run time."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to deploy the templates."""

    assembly: Assembly
    resources: Mapping[tuple[str, str], Resource]
    """The resources by template name and logical ID, without those whose condition is false."""

    def same(self, resource: Resource) -> Resource | None:
        """Return the resource in this alternative, or None if it is not created."""
        return self.resources.get((resource.template.name, resource.logical_id))


class Alternatives:
    """The ways to deploy an assembly, each built on first use."""

    def __init__(self, assembly: Assembly) -> None:
        """Store the templates; the alternatives are built later."""
        self._assembly = assembly
        self._built: dict[frozenset[tuple[Choice, Option] | None], Alternative] = {}
        size = sum(len(template.resources) for template in assembly.templates)
        most = max(MOST, _WORK // max(size, 1))
        self._left: dict[Purpose, int] = {"combination": most, "choice": most // 3, "option": most}

    def of(self, decision: Decision, *, defaults: bool = False, purpose: Purpose = "combination") -> Alternative | None:
        """Return the alternative of the assembly for `decision`, or None if too many were built for this purpose.

        Args:
            decision: the selected option of each choice. Choices that are not in it stay unknown.
            defaults: whether the other parameters have their defaults. Default: they stay unknown.
            purpose: what the alternative is for; each purpose has a budget of its own.
        """
        key = _key(decision, defaults=defaults)
        if key not in self._built:
            if decision.keys() - {UNTRIED}:  # the few without a choice are always built
                if not self._left[purpose]:
                    return None
                self._left[purpose] -= 1
            self._built[key] = self._build(decision, defaults=defaults)
        return self._built[key]

    def affords(self, decisions: Iterable[Decision], purpose: Purpose) -> bool:
        """Return whether all these alternatives can be built for this purpose."""
        return sum(_key(decision) not in self._built for decision in decisions) <= self._left[purpose]

    @cached_property
    def defaults(self) -> Mapping[Template, Mapping[str, Any]]:
        """The defaults of each template's parameters."""
        return {template: defaults_of(template) for template in self._assembly.templates}

    def default(self, choice: Choice) -> str | None:
        """Return the default of the parameter of a choice, as a string."""
        if choice.template is None or choice.parameter not in self.defaults.get(choice.template, {}):
            return None
        return text(choice.template.section("Parameters")[choice.parameter]["Default"])

    def _build(self, decision: Decision, *, defaults: bool) -> Alternative:
        made: dict[Template, Template] = {}
        for template in _parents_first(self._assembly.templates):
            parameters: dict[str, Any] = dict(self.defaults[template]) if defaults else {}
            memo: dict[tuple[str, str], Any] = {}
            for choice, option in decision.items():
                if choice.template is template:
                    parameters.update(option.parameters)
                    memo.update(option.memo)
            parent = (made[template.parent[0]], template.parent[1]) if template.parent else None
            made[template] = dataclasses.replace(
                template,
                parent=parent,
                parameters={**parameters, **template.parameters},
                assembly=None,
                resources={},
                memo=memo,
            )
        for template in made.values():
            _drop_conditional(template, undecided=decision.get(UNTRIED) is UNTRIED.options[1])
        templates = [made[template] for template in self._assembly.templates]
        whole = self._assembly
        other = Assembly(templates, today=whole.today, complete=whole.complete, regions=whole.regions)
        return Alternative(other, {(r.template.name, r.logical_id): r for r in other.of("*")})


def compared(assembly: Assembly) -> Alternative | None:
    """Return an assembly with the parameters' defaults, beside what is deployed with its own; None without defaults.

    It is not one of the others, which are compared with nothing.
    """
    if assembly.previous is None:
        return None
    now, then = Alternatives(assembly), Alternatives(assembly.previous)
    if not any([*now.defaults.values(), *then.defaults.values()]):
        return None
    made, earlier = now.of({}, defaults=True), then.of({}, defaults=True)
    if made is not None and earlier is not None:
        made.assembly.previous = earlier.assembly
    return made


def _key(decision: Decision, *, defaults: bool = False) -> frozenset[tuple[Choice, Option] | None]:
    return frozenset((*decision.items(), None) if defaults else decision.items())


def defaults_of(template: Template) -> dict[str, Any]:
    """Return the defaults of the parameters that a deployment may leave unchanged."""
    return {
        str(name): typed(parameter, parameter["Default"])
        for name, parameter in template.section("Parameters").items()
        if plain(template, str(name)) is not None
        and isinstance(parameter.get("Default"), str | int | float)
        and not is_placeholder(parameter["Default"])
    }


def _parents_first(templates: Sequence[Template]) -> list[Template]:
    found: dict[Template, None] = {}
    for template in templates:
        above = [template]
        while above[-1].parent is not None and above[-1].parent[0] not in found:
            above.append(above[-1].parent[0])
        found.update(dict.fromkeys(reversed(above)))
    return list(found)


def _drop_conditional(template: Template, *, undecided: bool) -> None:
    """Remove the resources that are not created, and with `undecided` those that may not be created."""
    for logical_id, resource in list(template.resources.items()):
        wanted = resource.body.get("Condition")
        if isinstance(wanted, str):
            made = intrinsics.condition(wanted, template)
            if made is False or (undecided and made is None):
                del template.resources[logical_id]
