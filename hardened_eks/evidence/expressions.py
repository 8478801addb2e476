"""The parts of intrinsic functions that stand alone: what they look like, and what they do to values that are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.evidence.unknown import Scope

VARIABLE: Final = regex(r"\$\{(!?)([^${}]+)\}")
"""``${Name}`` in a string of Fn::Sub; ``${!Name}`` stands for itself."""
LATER: Final = regex(r"\{\{resolve:(?:\$\{[^}]*\}|[^{}])*\}\}|\$\{[^}]*\}")
"""In the text of an unknown value: what is filled in at deployment, by CloudFormation or by a dynamic reference."""
DYNAMIC: Final = "{{resolve:"
"""How a dynamic reference begins: CloudFormation reads Parameter Store or Secrets Manager in its place."""
MAX_DEPTH: Final = 100
LONGEST: Final = 20_000
"""Characters of a rendered text: exports that refer to exports can double at every step."""


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
    """Return whether what is written for a parameter hides its value: the name of one, or a secret."""
    return str(parameter.get("Type")).startswith("AWS::SSM::") or as_compared(parameter.get("NoEcho")) == "true"


def as_compared(value: Any) -> Any:
    """CloudFormation compares strings: true is "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else value


def equal(sides: list[Any], template: Scope) -> bool | None:
    """Compare two strings; None where one is not known, unless this template is one where it has another value."""
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
    """Return whether a resolved value holds something unknown, or is none that ``Fn::ToJsonString`` takes."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Unknown):
            return True
        waiting.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return not isinstance(value, dict | list)


def as_json(value: Any) -> str:
    """Return what ``Fn::ToJsonString`` makes of a resolved value, with the text of what is unknown."""
    return json.dumps(value, separators=(",", ":"), default=str, skipkeys=True)


def key_of(value: Any, mapping: Any, template: Scope) -> Any:
    """Return a key of a mapping: for a parameter that is not known, the key that this template is to be tried with."""
    if not isinstance(value, Unknown) or value.template is not template or not isinstance(value.expression, dict):
        return value
    return template.memo.get((f"key of {mapping}", str(value.expression.get("Ref"))), value)
