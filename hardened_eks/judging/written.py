"""Evaluate a control on a resource as it is written, and report unknown values where it evaluates the worst case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem
from hardened_eks.evidence import Subject, Unknown
from hardened_eks.evidence.worst import as_far_as_known, at_worst

if TYPE_CHECKING:
    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Assembly, Resource

_CONTAINS: Final = " contains "
"""A word in messages about something that is written in a value."""
_TEXTS: Final = frozenset({"Fn::Base64", "Fn::Join", "Fn::Sub"})
_MISSING: Final = regex(r"\b(?:no|not|none|nobody|neither|without|never|fewer)\b")
"""Phrases in messages about something missing, which an unknown value may contain."""
_ABSENT: Final = object()


def as_written(control: Control, resource: Resource, assembly: Assembly) -> list[Problem]:
    """Return what is wrong with `resource` as it is written."""
    check = control.check  # may import the control's file, whose errors are not findings
    try:
        found = list(check(resource, assembly))
    except Exception as error:  # noqa: BLE001 - a malformed template must not hide the other findings
        fault = "the control raised an exception" if control.area == "own" else "the resource is malformed"
        return [Problem(f"cannot be evaluated, {fault} ({type(error).__name__}: {error})")]
    if not found:
        return found
    found = [problem if _whole(problem) else _wrong(problem) for problem in found]
    if assembly.regions:
        found = [_not_seen(problem, resource) for problem in found]
    if control.family is Family.DEPLOYABLE:
        return found
    return [problem if problem.unseen else _admit(problem, resource) for problem in found]


def _admit(problem: Problem, resource: Resource) -> Problem:
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
    if isinstance(value, Unknown) and _CONTAINS in message and _is_written(value):
        return problem  # a secret in it stays there, whatever the rest is
    if isinstance(value, Unknown):
        message = at_worst(message, ".".join(steps) or "what the properties are", value)
    elif steps and isinstance(value, dict | list) and _MISSING.search(message):
        message = as_far_as_known(message, value)
    return problem if message is problem.message else replace(problem, message=message)


def _is_written(value: Unknown) -> bool:
    """Return whether the template itself writes the known parts of a string, without alternatives."""
    function = next(iter(value.expression), None) if isinstance(value.expression, dict) else None
    return function in _TEXTS and "Fn::If" not in str(value.expression)


def _not_seen(problem: Problem, resource: Resource) -> Problem:
    """Return the findings of a control on a property that it cannot read, as not seen."""
    about = problem.subject.resource if problem.subject is not None else resource
    why = about.not_seen(problem.path) if about is not None else ""
    return replace(problem, message=f"it cannot be read: {why}", unseen=True) if why else problem


def _whole(problem: object) -> bool:
    if not isinstance(problem, Problem) or not isinstance(problem.subject, Subject | None):
        return False
    return isinstance(problem.message, str) and isinstance(problem.path, str)


def _wrong(yielded: object) -> Problem:
    return Problem(f"cannot be evaluated, the control yielded {yielded!r}, not a Problem with a message and a path")
