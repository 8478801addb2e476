"""The template of a stack set, which is deployed to other accounts and Regions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence import Template
from hardened_eks.sources.cloudformation import doubled, loops, shape
from hardened_eks.sources.cloudformation.parameters import Parameters
from hardened_eks.sources.cloudformation.parsing import LazyMapping, decode, key_lines, parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.evidence import Resource

STACK_SET: Final = "AWS::CloudFormation::StackSet"
_TO_JSON: Final = "Fn::ToJsonString"
_SECTIONS: Final = ("Conditions", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules")
"""Sections of a template; in an inline template, they have the line of its property."""


def template_of(resource: Resource) -> tuple[Template | None, list[str]]:
    """Return the template of a stack set, and a note if it is missing or invalid.

    The account and Region are not known, because they are those of its instances.
    """
    written = resource.body.get("Properties")
    properties = written if isinstance(written, dict) else {}
    inline = properties.get("TemplateBody")
    try:
        if isinstance(inline, dict) and set(inline) == {_TO_JSON}:
            return _made(resource, json.dumps(inline[_TO_JSON]), properties, "")
        known = resource.get("TemplateBody")
        if isinstance(known, str):
            return _made(resource, known, properties, "")
        file = local_file(properties.get("TemplateURL"), resource.template.path)
        if file is not None:
            return _made(resource, decode(read_bytes(file), str(file)), properties, str(file))
    except UnusableInputError as error:
        return None, [f"the stack set {resource.id} is not evaluated: {problem}" for problem in error.problems]
    return None, [f"the stack set {resource.id} is not evaluated: its template is not among the files"]


def _made(resource: Resource, text: str, properties: Mapping[str, Any], file: str) -> tuple[Template, list[str]]:
    name, path = resource.id, file or resource.template.path
    twice: list[InputProblem] = []
    body = parse(text, file or name, twice)
    known = _parameters(properties, body)
    here = resource.line("TemplateBody")
    lines: Mapping[tuple[str, ...], int] = LazyMapping(lambda: key_lines(text, file))
    if not file:
        lines = {(section,): here for section in _SECTIONS} if here else {}
    loop = loops.expand(body, known, path, lines.get) if loops.WORD in text else loops.Expanded(body)
    problems = [*loop.problems, *shape.mistakes(loop.body, path, lines.get)]
    if problems:
        raise UnusableInputError(problems)
    moved = loops.MovedLines(lines, loop.moved) if file else lines
    return Template(name, loop.body, path=path, lines=moved, parameters=known), [*map(doubled.note, twice), *loop.notes]


def _parameters(properties: Mapping[str, Any], body: Any) -> dict[str, Any]:
    """Return the parameters that every instance has, or nothing if a group of instances may override them."""
    groups = properties.get("StackInstancesGroup", [])
    if not isinstance(groups, list) or any(not isinstance(g, dict) or "ParameterOverrides" in g for g in groups):
        return {}
    given = properties.get("Parameters")
    texts = {
        one["ParameterKey"]: one["ParameterValue"]
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, dict)
        and isinstance(one.get("ParameterKey"), str)
        and isinstance(one.get("ParameterValue"), str)
    }
    return Parameters(texts).of("", body)


def local_file(url: Any, beside: str) -> Path | None:
    """Return the file of a nested template as in `aws cloudformation package`: a path relative to the parent."""
    if not isinstance(url, str) or "://" in url or not url or "\0" in url or not beside:
        return None
    file = Path(beside).parent / url
    return file if file.is_file() else None
