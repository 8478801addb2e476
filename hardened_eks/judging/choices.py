"""The choices that a template leaves open for its deployment, and the values that depend on each.

A parameter with ``AllowedValues`` has those values. A parameter without them has one of the literals that conditions
compare it with, or another value, which stays unknown. A condition that compares anything else is true or false. A
mapping that is looked up with an unknown key has the values of its rows.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence import intrinsics
from hardened_eks.evidence.expressions import is_list
from hardened_eks.judging.dependence import Dependence
from hardened_eks.judging.parameters import comparisons, plain, shown, text, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hardened_eks.evidence import Assembly, Resource, Template

MOST: Final = 12
"""The maximum number of combinations for which a control evaluates one resource. Other combinations stay unknown."""
WIDE: Final = 150
"""The maximum number of allowed values of a parameter that is tried by itself, while the other choices stay unknown."""
_MOST_ALONE: Final = 100
"""The maximum number of allowed values that are tried one by one."""
_METADATA: Final = "CDKMetadataAvailable"
"""The condition that the CDK puts on its own metadata, which no control evaluates."""
_METADATA_TYPE: Final = "CDK::Metadata"


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One way to make a choice."""

    name: str
    """The end of a message, for example ``with Stage = prod``."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """The parameter values that it sets."""
    memo: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """Additional values that `intrinsics` treats as known in the template."""
    value: str | None = None
    """The value of the parameter as a string; None if the option is not a parameter value."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One open choice of a template: exactly one of the options applies in every deployment."""

    template: Template | None
    options: tuple[Option, ...]
    parameter: str = ""
    """The parameter of the choice; empty for a condition or a mapping."""
    condition: str = ""
    alone: bool = False
    """Whether each option is tried by itself, because there are too many to combine with other choices."""


UNTRIED: Final = Choice(
    None, (Option(""), Option("no resource with an undecided condition is created")), condition="untried"
)
"""A placeholder for choices that are not tried: the values they decide are present or absent."""


class Choices:
    """The choices of an assembly."""

    def __init__(self, assembly: Assembly) -> None:
        """Check whether there can be any choices; they are computed on first use."""
        self._assembly = assembly
        self._known: dict[tuple[Template, str, str], Choice] = {}
        self._by_resource: dict[Resource, dict[Choice, None]] = {}
        self._by_type: dict[str, dict[Choice, None]] = {}
        self._literals: dict[Template, dict[str, list[str]]] = {}
        self.any = any(_has_choices(template) for template in assembly.templates)
        self.defaults: Final = Choice(None, ())
        """Not a choice: it marks that a parameter has a default, with which deployability controls also evaluate."""

    def of(self, resource: Resource) -> Mapping[Choice, None]:
        """Return the choices that the properties of `resource` depend on, in the order of the template."""
        found = self._by_resource.get(resource)
        if found is None:
            walk = Dependence(self)
            walk.value(resource.body.get("Properties"), resource.template)
            found = self._by_resource[resource] = walk.found
        return found

    def around(self, resource: Resource) -> Mapping[Choice, None]:
        """Return the choices that the resource's properties or its existence depend on."""
        wanted = resource.body.get("Condition")
        if not isinstance(wanted, str):
            return self.of(resource)
        if intrinsics.condition(wanted, resource.template) is False:
            return {**self.of(resource), self._gone(resource.template): None}
        walk = Dependence(self)
        walk.condition(wanted, resource.template)
        return {**walk.found, **self.of(resource)}

    def of_type(self, type_: str) -> Mapping[Choice, None]:
        """Return the choices that the resources of a CloudFormation type, or their existence, depend on."""
        found = self._by_type.get(type_)
        if found is None:
            found = self._by_type[type_] = {}
            for resource in self._assembly.of(type_):
                found.update(self.around(resource))
        return found

    def _gone(self, template: Template) -> Choice:
        """Return a choice with one option, for conditions that are known to be false."""
        return self._once(template, "gone", "", lambda: Choice(template, (Option(""),)))

    def parameter(self, template: Template, name: str) -> Choice | None:
        """Return the choice of the allowed values of a parameter, or None if the template does not list them."""
        written = plain(template, name)
        allowed = written.get("AllowedValues") if written else None
        if written is None or not isinstance(allowed, list) or is_list(written):
            return None  # for a list, AllowedValues lists the items
        values = dict.fromkeys(map(text, allowed))
        if not 1 < len(values) <= (MOST if name in self._compared(template) else WIDE):
            return None
        options = _valued(name, written, values)
        return self._once(template, "parameter", name, lambda: Choice(template, options, name))

    def listed(self, template: Template, name: str) -> Choice | None:
        """Return the choice of the allowed values that `parameter` leaves out: those of a list, or too many."""
        written = plain(template, name)
        allowed = written.get("AllowedValues") if written else None
        if written is None or not isinstance(allowed, list) or not (is_list(written) or len(allowed) > MOST):
            return None
        values = list(dict.fromkeys(map(text, allowed)))[:_MOST_ALONE]
        options = _valued(name, written, values)
        return self._once(template, "listed", name, lambda: Choice(template, options, name, alone=True))

    def comparison(self, template: Template, name: str) -> Choice | None:
        """Return the choice between the literals that conditions compare a parameter with, and any other value."""
        written = plain(template, name)
        if written is None or name not in self._compared(template):
            return None
        literals = tuple(dict.fromkeys(self._compared(template)[name]))
        those = ", ".join(map(shown, literals))
        other = Option(f"{name} other than {those}", memo={("other than", name): frozenset(literals)})
        options = (*_valued(name, written, literals), other)
        return self._once(template, "parameter", name, lambda: Choice(template, options, name))

    def condition(self, template: Template, name: str) -> Choice | None:
        """Return the choice of a condition that compares values that the template does not limit."""
        if name == _METADATA and _is_for_metadata(template):
            return None
        options = tuple(
            Option(f"the condition {name} is {str(v).lower()}", memo={("condition", name): v}) for v in (True, False)
        )
        return self._once(template, "condition", name, lambda: Choice(template, options, condition=name))

    def row(self, template: Template, mapping: str, name: str) -> Choice | None:
        """Return the choice of a mapping row that is looked up with a parameter. Equal rows are one option."""
        rows: dict[str, str] = {}
        for key, row in template.section("Mappings")[mapping].items():
            rows.setdefault(repr(row), str(key))
        options = tuple(Option(f"{name} = {key}", memo={(f"key of {mapping}", name): key}) for key in rows.values())
        return self._once(template, f"key of {mapping}", name, lambda: Choice(template, options)) if options else None

    def _once(self, template: Template, kind: str, name: str, make: Callable[[], Choice]) -> Choice:
        key = (template, kind, name)
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _compared(self, template: Template) -> Mapping[str, list[str]]:
        found = self._literals.get(template)
        if found is None:
            found = self._literals[template] = {}
            for name, literal in comparisons(template.section("Conditions"), template):
                found.setdefault(name, []).append(literal)
        return found


def _valued(name: str, parameter: Any, values: Iterable[str]) -> tuple[Option, ...]:
    """Return the options in which a parameter has one of these values."""
    return tuple(Option(f"{name} = {shown(v)}", {name: typed(parameter, v)}, value=v) for v in values)


def _has_choices(template: Template) -> bool:
    conditions = template.section("Conditions")
    if template.section("Mappings") or any(name != _METADATA for name in conditions):
        return True
    if conditions and not _is_for_metadata(template):
        return True
    return any(
        isinstance(parameter, dict) and ("AllowedValues" in parameter or "Default" in parameter)
        for name, parameter in template.section("Parameters").items()
        if plain(template, str(name)) is not None
    )


def _is_for_metadata(template: Template) -> bool:
    """Return whether no resource depends on the condition for the metadata of the CDK but that metadata."""
    return not any(
        resource.body.get("Condition") == _METADATA and not resource.type.endswith(_METADATA_TYPE)
        for resource in template.resources.values()
    )
