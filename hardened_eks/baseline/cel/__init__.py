"""The part of CEL that the admission policies of this package use, evaluated in Python.

An API server evaluates requests by a policy; this evaluates manifests by the same text, where there is no server. What
it does not know is an error, never a verdict. Language: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hardened_eks.baseline.cel._compiling import compiled
from hardened_eks.baseline.cel._parsing import parsed
from hardened_eks.baseline.cel._values import CelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CelError", "evaluate"]


def evaluate(expression: str, data: Mapping[str, Any]) -> Any:
    """Return the value of an expression.

    Args:
        expression: in CEL.
        data: the variables by name, as JSON has them.

    Raises:
        CelError: The expression is none, uses what is not known here, or fails on the data.
    """
    return _program(expression)(data)


@cache
def _program(expression: str) -> Callable[[Mapping[str, Any]], Any]:
    return compiled(parsed(expression))
