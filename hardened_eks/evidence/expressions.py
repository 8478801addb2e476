"""Basic parts of intrinsic functions: their syntax, and their results for known values."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.evidence.unknown import Output, Scope

MACRO: Final = "Fn::Transform"
VARIABLE: Final = regex(r"\$\{(!?)([^${}]+)\}")
"""``${Name}`` in a string of Fn::Sub; ``${!Name}`` is literal."""
LATER: Final = regex(r"\{\{resolve:(?:\$\{[^}]*\}|[^{}])*\}\}|\$\{[^}]*\}")
"""The parts of an unknown value that are filled in at deployment, by CloudFormation or a dynamic reference."""
OUTPUTS: Final = frozenset({"Fn::GetAtt", "Fn::ImportValue", "Fn::GetStackOutput"})
"""The functions that can read an output of a template."""
DYNAMIC: Final = "{{resolve:"
"""The start of a dynamic reference, which CloudFormation replaces from Parameter Store or Secrets Manager."""
MAX_DEPTH: Final = 100
LONGEST: Final = 20_000
"""The maximum number of characters of a rendered string, because exports that refer to exports can double its
length."""


def is_intrinsic(value: Any) -> bool:
    """Return whether `value` is an intrinsic function call, known or not."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (key,) = value
    return key == "Ref" or (isinstance(key, str) and key.startswith("Fn::"))


def is_list(parameter: Mapping[str, Any]) -> bool:
    """Return whether a parameter is a list, whose ``AllowedValues`` are those of its items."""
    type_ = str(parameter.get("Type"))
    return type_.startswith("List<") or type_ == "CommaDelimitedList"


def is_hidden(parameter: Mapping[str, Any]) -> bool:
    """Return whether the written value of a parameter hides the real one: it is a Parameter Store name or a secret."""
    return is_stored(parameter) or is_secret(parameter)


def is_stored(parameter: Any) -> bool:
    """Return whether the written value of a parameter is the name of a value in Parameter Store."""
    return isinstance(parameter, dict) and str(parameter.get("Type")).startswith("AWS::SSM::Parameter::Value<")


def is_secret(parameter: Mapping[str, Any]) -> bool:
    """Return whether a parameter is a secret (``NoEcho``)."""
    return bool(as_compared(parameter.get("NoEcho")) == "true")


def output_of(function: str, argument: Any, template: Scope) -> Output | None:
    """Return the output that one of `OUTPUTS` reads; None where no template of the assembly has it."""
    if template.assembly is None or (function == "Fn::GetAtt" and not may_be_an_output(argument)):
        return None
    return template.assembly.output(function, argument, template)


def may_be_an_output(attribute: Any) -> bool:
    """Return whether an attribute may be an output of a nested stack: a quick test, because few are."""
    name = attribute[-1] if isinstance(attribute, list) and attribute else attribute
    return isinstance(name, str) and "Outputs." in name


def named(name: str) -> dict[str, str]:
    """Return the function that a variable of ``Fn::Sub`` stands for: ``Name``, or ``Name.Attribute``."""
    return {"Fn::GetAtt" if "." in name else "Ref": name}


def as_compared(value: Any) -> Any:
    """Return a value as CloudFormation compares it, as a string: true is "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value


def equal(sides: list[Any]) -> bool | None:
    """Compare two strings; None if one is not known, unless this alternative excludes the other value."""
    if len(sides) != 2:
        return None
    if all(isinstance(side, str) for side in sides):
        return bool(sides[0] == sides[1])
    for one, other in (sides, reversed(sides)):
        if isinstance(one, Unknown) and isinstance(one.expression, dict) and isinstance(other, str):
            name = one.expression.get("Ref")
            if isinstance(name, str) and other in one.template.memo.get(("other than", name), ()):
                return False
    return None


def hides(value: Any) -> bool:
    """Return whether a resolved value contains an unknown value, or is not valid for ``Fn::ToJsonString``."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Unknown):
            return True
        waiting.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return not isinstance(value, dict | list)


def as_json(value: Any) -> str:
    """Return the result of ``Fn::ToJsonString`` for a resolved value, with unknown parts as strings."""
    return json.dumps(value, separators=(",", ":"), default=str, skipkeys=True)


def key_of(value: Any, mapping: Any, template: Scope) -> Any:
    """Return a key of a mapping; for an unknown parameter, the key that this alternative uses."""
    if not isinstance(value, Unknown) or value.template is not template or not isinstance(value.expression, dict):
        return value
    return template.memo.get((f"key of {mapping}", str(value.expression.get("Ref"))), value)


_FILLINGS: Final = ("0", "", '"k": 0')
"""The possible values of a ``${...}`` in JSON: a value or a part of a string, nothing, or a pair."""
_MOST_HOLES: Final = 6


def broken_json(text: str) -> bool:
    """Return whether a JSON object or list is invalid for every value of its ``${...}``; False for more than six."""
    parts = LATER.split(text)
    if not text.lstrip().startswith(("{", "[")) or len(parts) > _MOST_HOLES + 1:
        return False
    fillings = itertools.product(_FILLINGS, repeat=len(parts) - 1)
    return not any(_is_json(parts, filling) for filling in fillings)


def _is_json(parts: list[str], fillings: tuple[str, ...]) -> bool:
    try:
        json.loads("".join(itertools.chain(*zip(parts, (*fillings, ""), strict=True))))
    except (ValueError, RecursionError):
        return False
    return True
