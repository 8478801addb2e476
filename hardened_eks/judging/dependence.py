"""The choices that an expression depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.evidence import Template, intrinsics
from hardened_eks.evidence.expressions import MAX_DEPTH, OUTPUTS, VARIABLE, is_intrinsic, named, output_of
from hardened_eks.judging.parameters import origin, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.evidence.unknown import Scope
    from hardened_eks.judging.choices import Choice, Choices


class Dependence:
    """Collects the choices in an expression. Each method returns whether they determine the value."""

    def __init__(self, choices: Choices) -> None:
        self.found: dict[Choice, None] = {}
        self._choices = choices
        self._seen: dict[tuple[str, Scope, str], bool] = {}

    def value(self, value: Any, template: Scope, depth: int = 0) -> bool:
        if not isinstance(value, dict | list):
            return True
        if depth > MAX_DEPTH:
            return False
        if isinstance(value, list) or not is_intrinsic(value):
            return self._all(value.values() if isinstance(value, dict) else value, template, depth)
        function, argument = next(iter(value.items()))
        if function == "Ref":
            return isinstance(argument, str) and self._reference(argument, template, depth)
        if function == "Fn::Sub":
            return self._text(argument, template, depth)
        if function == "Fn::If" and isinstance(argument, list) and len(argument) == 3:
            return self._branch(argument, template, depth)
        if function == "Fn::FindInMap" and isinstance(argument, list) and len(argument) >= 3:
            return self._row(argument, template, depth)
        if function in OUTPUTS:
            read = output_of(function, argument, template)
            return read is not None and self._elsewhere("output", read.name, read.value, read.home, depth)
        if function in ("Fn::Transform", "Fn::GetAZs"):
            return False
        return self.value(argument, template, depth + 1)

    def _all(self, parts: Iterable[Any], template: Scope, depth: int) -> bool:
        known = [self.value(part, template, depth + 1) for part in parts if isinstance(part, dict | list)]
        return all(known)

    def _branch(self, argument: list[Any], template: Scope, depth: int) -> bool:
        chosen = intrinsics.condition(argument[0], template)
        if chosen is not None:
            return self.value(argument[1 if chosen else 2], template, depth + 1)
        decided = isinstance(argument[0], str) and self.condition(argument[0], template, depth + 1)
        return self._all(argument[1:], template, depth) and decided

    def condition(self, name: str, template: Scope, depth: int = 0) -> bool:
        """Collect the choices of a condition, or the condition itself if it compares values without limits."""
        if intrinsics.condition(name, template) is not None:
            return True
        key = ("condition", template, name)
        if key not in self._seen:
            self._seen[key] = False
            self._seen[key] = self._decided(template.section("Conditions").get(name), template, depth + 1)
            if not self._seen[key] and isinstance(template, Template):
                self._seen[key] = self._add(self._choices.condition(template, name))
        return self._seen[key]

    def _decided(self, expression: Any, template: Scope, depth: int) -> bool:
        if depth > MAX_DEPTH or not isinstance(expression, dict) or len(expression) != 1:
            return False
        function, argument = next(iter(expression.items()))
        if function == "Condition":
            return isinstance(argument, str) and self.condition(argument, template, depth + 1)
        if not isinstance(argument, list):
            return False
        if function == "Fn::Equals":
            return self._compared(argument, template, depth)
        if function in ("Fn::Not", "Fn::And", "Fn::Or"):
            decided = [self._decided(part, template, depth + 1) for part in argument]
            return all(decided)
        return False

    def _compared(self, sides: list[Any], template: Scope, depth: int) -> bool:
        if len(sides) != 2:
            return False
        for one, other in (sides, reversed(sides)):
            name = one.get("Ref") if isinstance(one, dict) else None
            known = intrinsics.resolve(other, template)
            if isinstance(name, str) and isinstance(known, str | bool | int | float):
                home, its_name = origin(template, name)
                open_ = self._choices.parameter(home, its_name) or self._choices.comparison(home, its_name)
                if open_ is not None:
                    self.value(one, template, depth + 1)
                    return self._add(open_)
        return self.value(sides, template, depth + 1)

    def _reference(self, name: str, template: Scope, depth: int) -> bool:
        if name == "AWS::NoValue":
            return True
        if name in template.parameters or not isinstance(template, Template):
            return True
        if template.parent is not None and name in template.parent[1]:
            above, passed = template.parent
            return self._elsewhere("parameter", name, passed[name], above, depth)
        if name in {"AWS::Region", "AWS::AccountId"}:
            return bool(template.region if name == "AWS::Region" else template.account)
        written = plain(template, name)
        if written is not None and "Default" in written:
            self.found[self._choices.defaults] = None
        choice = self._choices.parameter(template, name)
        if choice is None:
            self._add(self._choices.listed(template, name))  # tried, but not in combination, so it determines nothing
        return self._add(choice)

    def _elsewhere(self, kind: str, name: str, value: Any, home: Scope, depth: int) -> bool:
        key = (kind, home, name)
        if key not in self._seen:
            self._seen[key] = False
            self._seen[key] = self.value(value, home, depth + 1)
        return self._seen[key]

    def _text(self, argument: Any, template: Scope, depth: int) -> bool:
        pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(pattern, str) or not isinstance(variables, dict):
            return False
        names = {name for literal, name in VARIABLE.findall(pattern) if not literal}
        return self._all([variables.get(name, named(name)) for name in sorted(names)], template, depth)

    def _row(self, argument: list[Any], template: Scope, depth: int) -> bool:
        """Look up a mapping; if its first key is a parameter without allowed values, the rows are the choice."""
        mapping, first = argument[:2]
        name = first.get("Ref") if isinstance(first, dict) else None
        bounded = [self.value(part, template, depth + 1) for part in argument]
        if all(bounded):
            return True
        rows = template.section("Mappings").get(mapping) if isinstance(mapping, str) else None
        if len(argument) > 3 or bounded[1] or not all(bounded[2:]) or not isinstance(rows, dict):
            return False
        if not isinstance(name, str) or not isinstance(template, Template) or origin(template, name)[0] is not template:
            return False
        return self._add(self._choices.row(template, mapping, name))

    def _add(self, choice: Choice | None) -> bool:
        if choice is not None:
            self.found[choice] = None
        return choice is not None
