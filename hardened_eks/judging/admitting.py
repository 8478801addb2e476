"""Report unknown values where a control evaluates the worst case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.worst import as_far_as_known, at_worst

if TYPE_CHECKING:
    from hardened_eks.controls.model import Problem
    from hardened_eks.evidence import Resource

_MISSING: Final = regex(r"\b(?:no|not|none|nobody|neither|without|never|fewer)\b")
"""Phrases in messages about something missing, which an unknown value may contain."""
_ABSENT: Final = object()


def admit(problem: Problem, resource: Resource) -> Problem:
    """Return the problem unchanged if its property is known; otherwise with a message that says that it is not.

    The property is the one at the path of the problem, or the nearest parent that is unknown as a whole. If only parts
    of the property are unknown, a message about something missing explains how far the property is known.
    """
    if problem.subject is not None:  # its path is not a path of the resource
        return problem
    value: Any = resource.properties
    steps: list[str] = []
    for step in problem.path.split(".") if problem.path else ():
        if isinstance(value, Unknown):
            break
        if isinstance(value, dict):
            value = value.get(step, _ABSENT)
        elif isinstance(value, list):
            value = value[int(step)] if step.isdecimal() and int(step) < len(value) else _ABSENT
        else:
            return problem
        steps.append(step)
    message = problem.message
    if isinstance(value, Unknown):
        message = at_worst(message, ".".join(steps) or "what the properties are", value)
    elif steps and isinstance(value, dict | list) and _MISSING.search(message):
        message = as_far_as_known(message, value)
    return problem if message is problem.message else replace(problem, message=message)
