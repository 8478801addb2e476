"""Merge the findings for the alternatives of a resource, and name the failing alternatives."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.controls.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.evidence import Subject
    from hardened_eks.judging.alternatives import Decision
    from hardened_eks.severity import Severity

    Judged = list[tuple[Decision, list[Problem]]]
    Key = tuple[Subject | None, str, str, int]

_INDEX: Final = regex(r"(?<=\.)\d+(?=\.|$)")


@dataclass(slots=True)
class _Found:
    """One problem in all alternatives in which it occurs. Problems of one path that occur once in each are the same."""

    subject: Subject | None
    path: str
    message: str
    is_written: bool
    """Whether it is also found in the resource as written."""
    first: set[int] = field(default_factory=set)
    """The alternatives with exactly this message."""
    ways: set[int] = field(default_factory=set)
    cause: str = ""
    severity: Severity | None = None


def merge(written: Iterable[Problem], judged: Judged) -> list[tuple[bool, Problem]]:
    """Return one problem for each path, and whether it is found without any choice.

    Args:
        written: the problems of the resource as written, which determine the paths: if ``AWS::NoValue`` removes a list
            item, later items move up.
        judged: the problems for each combination of options, at least one.
    """
    found: dict[Key, _Found] = {
        key: _Found(
            problem.subject,
            problem.path,
            problem.message,
            is_written=True,
            cause=problem.cause,
            severity=problem.severity,
        )
        for key, problem in _keys(written)
    }
    for index, (_, problems) in enumerate(judged):
        for key, problem in _keys(problems):
            one = found.setdefault(
                key,
                _Found(
                    problem.subject,
                    problem.path,
                    problem.message,
                    is_written=False,
                    cause=problem.cause,
                    severity=problem.severity,
                ),
            )
            one.first.add(index)
            one.ways.add(index)
    decisions = [decision for decision, _ in judged]
    return [(one.is_written, _problem(one, decisions)) for one in _joined(found.values())]


def name(decision: Decision) -> str:
    """Return a decision for the end of a message: ``with Stage = prod, where the condition Big is true``."""
    options = [(choice, option.name) for choice, option in decision.items() if option.name]
    values = " and ".join(text for choice, text in options if not choice.condition)
    conditions = " and ".join(text for choice, text in options if choice.condition)
    return ", ".join(part for part in (values and f"with {values}", conditions and f"where {conditions}") if part)


def _keys(problems: Iterable[Problem]) -> list[tuple[Key, Problem]]:
    """Number the problems that differ only in the index of list items."""
    seen: Counter[tuple[Subject | None, str, str]] = Counter()
    found = []
    for problem in problems:
        key = (problem.subject, _INDEX.sub("*", problem.path), problem.message)
        found.append(((*key, seen[key]), problem))
        seen[key] += 1
    return found


def _joined(found: Iterable[_Found]) -> list[_Found]:
    """Join the problems of one path that exclude each other, because they are one finding in different words."""
    joined: dict[tuple[Subject | None, str], list[_Found]] = {}
    for one in found:
        if not one.ways:
            continue
        others = joined.setdefault((one.subject, one.path), [])
        same = next((other for other in others if not other.ways & one.ways), None)
        if same is None:
            others.append(one)
        else:
            same.ways |= one.ways
            same.is_written = same.is_written or one.is_written
    return [one for others in joined.values() for one in others]


def _problem(one: _Found, decisions: Sequence[Decision]) -> Problem:
    if len(one.first) == len(decisions):
        return Problem(one.message, one.path, one.subject, cause=one.cause, severity=one.severity)
    way, covered = _widest(min(one.first), one.first, decisions)
    more, left = 0, one.ways - covered
    while left:
        left -= _widest(min(left), one.ways, decisions)[1]
        more += 1
    named = name(way) or "in some deployments"
    others = f", and {more} more" if more else ""
    if len(one.ways) == len(decisions) > 2:  # the rest, with other messages, counts as one way
        others = ", and so in every other case"
    return Problem(
        f"{one.message} ({named}{others})",
        one.path,
        one.subject,
        cause=one.cause,
        severity=one.severity,
    )


def _widest(index: int, bad: set[int], decisions: Sequence[Decision]) -> tuple[Decision, set[int]]:
    """Return the part of a decision that is enough for the problem, and all alternatives with that part."""
    way = dict(decisions[index])
    covered = {index}
    for choice in reversed(list(decisions[index])):
        wider = {key: option for key, option in way.items() if key is not choice}
        ways = {n for n, other in enumerate(decisions) if all(other[key] is wider[key] for key in wider)}
        if ways <= bad:
            way, covered = wider, ways
    return way, covered
