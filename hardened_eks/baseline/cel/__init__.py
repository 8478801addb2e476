"""The part of CEL that the admission policies of this package use, evaluated in Python.

An API server evaluates requests with a policy. This evaluates manifests with the same expressions, without a server.
Unknown parts of the language are errors, never verdicts. Language:
https://github.com/google/cel-spec/blob/master/doc/langdef.md
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
        expression: the CEL expression.
        data: the variables by name, as JSON values.

    Raises:
        CelError: the expression is invalid, uses an unknown part of the language, or fails on the data.
    """
    return _program(expression)(data)


@cache
def _program(expression: str) -> Callable[[Mapping[str, Any]], Any]:
    return compiled(parsed(expression))
