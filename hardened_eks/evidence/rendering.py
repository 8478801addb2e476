"""Expressions of CloudFormation as strings: what is known as it is, the rest by the name of what decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence.expressions import (
    LONGEST,
    MAX_DEPTH,
    OUTPUTS,
    VARIABLE,
    as_json,
    is_intrinsic,
    named,
    output_of,
)
from hardened_eks.evidence.intrinsics import fold, once, resolve
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from hardened_eks.evidence.unknown import Scope

_TOLD_APART: Final = {
    "Fn::Cidr", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetStackOutput", "Fn::ImportValue", "Fn::Select", "Fn::Split",
}  # fmt: skip
"""The functions that are rendered with their arguments: calls with different arguments return different values."""
_SPECIAL: Final = regex(r"[^\w.() -]+")
_LONGEST_ARGUMENTS: Final = 200


def text(value: Any, template: Scope, depth: int = 0) -> str:  # noqa: C901, PLR0912 - one branch a function
    """Render `value` as text: what is known as it is, the rest as ``${LogicalId.Attribute}`` or ``${Fn::X args}``."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return text(value.expression, value.template, depth)
    if isinstance(value, dict) and "Fn::Transform" in value:
        return "${Fn::Transform}"
    if not is_intrinsic(value) or depth > MAX_DEPTH:
        return str(value)
    function, argument = next(iter(value.items()))
    if function == "Ref":
        if isinstance(argument, str) and argument in template.resources:
            return f"${{{argument}}}"
        key = ("text", str(argument))
        if key in template.memo:
            return str(template.memo[key])
        folded = fold(value, template, depth) if argument != "AWS::NoValue" else ""
        if isinstance(folded, Unknown) and folded.expression is value:
            if template.assembly is not None and template.parent is None:  # nothing can make it known later
                template.memo[key] = f"${{{argument}}}"
            return f"${{{argument}}}"
        return once(template, key, lambda: text(folded, template, depth + 1), f"${{{argument}}}")
    if function in OUTPUTS and (read := output_of(function, argument, template)) is not None:
        return once(
            read.home, ("text of", read.name), lambda: text(read.value, read.home, depth + 1), f"${{{function}}}"
        )
    if function == "Fn::GetAtt":
        return "${" + (".".join(map(str, argument)) if isinstance(argument, list) else str(argument)) + "}"
    if function == "Fn::Join" and isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], list):
        parts = [part if isinstance(part, str) else text(part, template, depth + 1) for part in argument[1]]
        return str(argument[0]).join(parts)[:LONGEST]
    if function == "Fn::Sub":
        return _render_sub(argument, template, depth)[:LONGEST]
    if function == "Fn::ToJsonString":
        return as_json(resolve(argument, template, depth + 1))[:LONGEST]
    folded = fold(value, template, depth)
    if not isinstance(folded, Unknown):
        return text(folded, template, depth + 1)
    if folded.expression is not value:
        return text(folded.expression, folded.template, depth + 1)
    told = " ".join(_arguments(argument, template, depth)) if function in _TOLD_APART else ""
    return f"${{{function} {told[:_LONGEST_ARGUMENTS]}}}" if told else f"${{{function}}}"


def _arguments(value: Any, template: Scope, depth: int) -> Iterator[str]:
    """Yield the parts of a function's argument, without what means something in an ARN, a pattern or a list."""
    if isinstance(value, list) or (isinstance(value, dict) and not is_intrinsic(value)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _arguments(part, template, depth)
    elif value != "":
        plain = text(value, template, depth + 1).replace("${", "(").replace("}", ")")
        if any(map(str.isalnum, plain)):
            yield _SPECIAL.sub(".", plain)


def _render_sub(argument: Any, template: Scope, depth: int) -> str:
    pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(pattern, str) or not isinstance(variables, dict):
        return "${Fn::Sub}"

    def replace(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return f"${{{name}}}"
        if name in variables:
            return text(variables[name], template, depth + 1)
        return text(named(name), template, depth + 1)

    return VARIABLE.sub(replace, pattern)
