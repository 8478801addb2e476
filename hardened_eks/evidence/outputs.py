"""Outputs of templates, as other templates read them: by export, by stack name, or as attributes of a nested stack."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.environment import differ, elsewhere, nearest
from hardened_eks.evidence.rendering import text
from hardened_eks.evidence.unknown import Output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.evidence.resource import Template
    from hardened_eks.evidence.unknown import Scope

_NESTED: Final = "Outputs."
_OWN_NAME: Final = "${AWS::StackName}"
_SUFFIXES: Final = (".template.json", ".template.yaml", ".template.yml", ".json", ".yaml", ".yml", ".template")


class Outputs:
    """The outputs of all templates of an assembly."""

    def __init__(self, templates: Sequence[Template]) -> None:
        """Take the templates; they are read when an output is asked for."""
        self._templates = templates

    def of(self, function: str, argument: Any, user: Scope) -> Output | None:
        """Return the output that an intrinsic function of the template `user` reads; None where nobody has it."""
        if function == "Fn::ImportValue":
            return self._export(argument, user)
        if function == "Fn::GetStackOutput" and isinstance(argument, dict):
            return self._stack(argument, user)
        return self._nested_stack(argument, user) if function == "Fn::GetAtt" else None

    def _export(self, name: Any, user: Scope) -> Output | None:
        """Exports belong to an account and Region: with both known, those of another environment are not seen."""
        exported = text(name, user)
        seen = [one for one in self._exports.get(exported, ()) if not elsewhere(one, user)]
        if not seen:
            return None
        home = nearest(seen, user)
        return Output(home, f"export {exported}", self._exports[exported][home])

    def _stack(self, argument: Mapping[str, Any], user: Scope) -> Output | None:
        """The stack is in the Region of the user unless the function names another; a role can be of any account."""
        name = text(argument.get("StackName"), user)
        named = self._by_name.get(name) or self._in_file(name, user)
        region = text(argument.get("Region", user.region), user)
        account = "" if "RoleArn" in argument else user.account
        region = "" if "${" in region else region  # it is known only at deployment
        seen = [one for one in named if not differ(one.region, region) and not differ(one.account, account)]
        return _output(nearest(seen, user), text(argument.get("OutputName"), user)) if seen else None

    def _in_file(self, stack: str, user: Scope) -> list[Template]:
        """Return the template whose file is named after a stack, as the CDK does; the one beside `user` of several."""
        found = self._by_file.get(stack, [])
        beside = [one for one in found if _folder(one.name) == _folder(user.name)]
        return beside if len(beside) == 1 else found if len(found) == 1 else []

    def _nested_stack(self, argument: Any, user: Scope) -> Output | None:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, str) for part in parts):
            return None
        logical_id, attribute = parts
        home = self._nested.get((user, f"{user.name}/{logical_id}")) if attribute.startswith(_NESTED) else None
        return _output(home, attribute.removeprefix(_NESTED)) if home is not None else None

    @cached_property
    def _exports(self) -> Mapping[str, dict[Template, Any]]:
        self.__dict__["_exports"] = {}  # while they are being named, there are none: a name may import
        found: dict[str, dict[Template, Any]] = defaultdict(dict)
        for template in self._templates:
            stack = _stem(template)
            for output in template.section("Outputs").values():
                if isinstance(output, dict) and isinstance(output.get("Export"), dict):
                    name = text(output["Export"].get("Name"), template)
                    for one in {name, name.replace(_OWN_NAME, stack) if stack else name}:
                        found[one].setdefault(template, output.get("Value"))
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[Template]]:
        found: dict[str, list[Template]] = defaultdict(list)
        for template in self._templates:
            found[template.name].append(template)
        return found

    @cached_property
    def _by_file(self) -> Mapping[str, list[Template]]:
        """The templates that are known by the path of their file, by its name without the suffix."""
        found: dict[str, list[Template]] = defaultdict(list)
        for template in self._templates:
            if stem := _stem(template):
                found[stem].append(template)
        return found

    @cached_property
    def _nested(self) -> Mapping[tuple[Scope, str], Template]:
        found: dict[tuple[Scope, str], Template] = {}
        for template in self._templates:
            if template.parent is not None:
                found.setdefault((template.parent[0], template.name), template)
        return found


def _stem(template: Template) -> str:
    """Return the name of the file of a template without the suffix; empty for others and for nested stacks."""
    suffix = next((one for one in _SUFFIXES if template.name.endswith(one)), None)
    return PurePath(template.name).name.removesuffix(suffix) if suffix and template.parent is None else ""


def _folder(name: str) -> PurePath:
    return PurePath(name).parent


def _output(home: Scope, name: str) -> Output | None:
    output = home.section("Outputs").get(name)
    return Output(home, f"output {name}", output.get("Value")) if isinstance(output, dict) else None
