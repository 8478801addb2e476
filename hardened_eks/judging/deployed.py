"""Templates with IDs and attributes of the account inserted, from the resources that their stacks created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.data.comparable import MOVING
from hardened_eks.data.dns import suffixes
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.environment import differ
from hardened_eks.evidence.expressions import MAX_DEPTH, VARIABLE, is_intrinsic
from hardened_eks.evidence.intrinsics import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.evidence import Resource

_ELSEWHERE: Final = frozenset({"Region", "RoleArn"})
"""With one of them, an Fn::GetStackOutput reads a stack of another Region or account."""


def deployed(written: Assembly, live: Assembly) -> Assembly:
    """Return `written` with each reference to a resource in `live` replaced by its actual value.

    Values that the account does not show stay intrinsic functions. Nested stacks are omitted, because their names are
    generated at deployment.

    Args:
        written: the templates.
        live: one Region of one account, with a template for each stack.
    """
    stacks = {template.name: template for template in live.templates}
    fillers: dict[str, _Filler] = {}
    for template in written.templates:
        if template.parent is not None:
            continue
        there = stacks.get(template.name)
        if there is not None and (differ(template.account, there.account) or differ(template.region, there.region)):
            continue
        fillers[template.name] = _Filler(template, there, fillers)
    return Assembly([filler.filled() for filler in fillers.values()])


class _Filler:
    """Inserts the values of one stack into its template."""

    def __init__(self, template: Template, there: Template | None, others: Mapping[str, _Filler]) -> None:
        self._template = template
        self._there = there
        self._others = others
        self._busy: set[str] = set()
        self._made: Mapping[str, Resource] = there.resources if there is not None else {}
        self._home = there or template
        partition = next((one.arn.split(":")[1] for one in self._made.values() if one.arn), "")
        self._pseudo = {
            "AWS::Partition": partition,
            "AWS::StackName": template.name,
            "AWS::URLSuffix": suffixes(self._home.region)[0] if partition else "",
            "AWS::Region": self._home.region,
            "AWS::AccountId": self._home.account,
        }

    def filled(self) -> Template:
        """Return the template with known values inserted."""
        own = self._template
        return Template(
            own.name, self.fill(own.body), path=own.path, account=self._home.account, region=self._home.region,
            parameters=own.parameters, construct_paths=own.construct_paths,
            physical_ids=self._there.physical_ids if self._there is not None else {},
        )  # fmt: skip

    def fill(self, value: Any, depth: int = 0) -> Any:
        """Return a value of the template with known values inserted."""
        if not isinstance(value, dict | list) or depth > MAX_DEPTH:
            return value
        if isinstance(value, list):
            return [self.fill(item, depth + 1) for item in value]
        if is_intrinsic(value):
            ((function, argument),) = value.items()
            known = self._known(function, argument)
            if known is not None:
                return known
            if function == "Fn::Sub":
                return {function: self._substitution(argument)}
        return {key: self.fill(item, depth + 1) for key, item in value.items()}

    def _known(self, function: str, argument: Any) -> Any:
        if function == "Ref" and isinstance(argument, str):
            return self._named(argument)
        if function == "Fn::GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else argument
            if isinstance(parts, list) and len(parts) == 2 and all(isinstance(part, str) for part in parts):
                return self._attribute(*parts)
        if function == "Fn::GetStackOutput" and isinstance(argument, dict) and not argument.keys() & _ELSEWHERE:
            other = self._others.get(str(self.fill(argument.get("StackName"))))
            return other.output(argument.get("OutputName")) if other is not None else None
        return None

    def output(self, name: Any) -> str | None:
        """Return an output of the stack, if it is a known string."""
        entry = self._template.section("Outputs").get(name) if isinstance(name, str) else None
        if not isinstance(entry, dict) or name in self._busy:
            return None
        self._busy.add(name)  # outputs may refer to each other in a circle
        value = resolve(self.fill(entry.get("Value")), self._template)
        self._busy.remove(name)
        return value if isinstance(value, str) else None

    def _named(self, name: str) -> str | None:
        if name in self._made:
            return self._made[name].physical_id or None
        return None if name in self._template.resources else self._pseudo.get(name) or None

    def _attribute(self, name: str, attribute: str) -> Any:
        resource = self._made.get(name)
        if resource is None or attribute in MOVING:
            return None
        value = resource.get(attribute)
        if isinstance(value, str | int | list) and not isinstance(value, bool):
            return value
        return (resource.arn if attribute.lower().endswith("arn") else "") or None

    def _substitution(self, argument: Any) -> Any:
        pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(pattern, str) or not isinstance(variables, dict):
            return argument
        found = {name: self.fill(value) for name, value in variables.items()}
        for literal, name in VARIABLE.findall(pattern):
            if literal or name in found:
                continue
            head, _, attribute = name.partition(".")
            value = self._attribute(head, attribute) if attribute else self._named(head)
            if isinstance(value, str):
                found[name] = value
        return [pattern, found]
