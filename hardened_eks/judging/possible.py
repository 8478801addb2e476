"""Evaluate a resource in every way in which its template can be deployed, and name the ways that are bad.

A control is asked about a resource as it is written, and what it looks at is noted. Where nothing of that depends on a
choice, this is the verdict. Elsewhere the control is asked again for each combination of the options. If there are more
than `MOST` combinations, each choice is also tried by itself; the others stay unknown, on which hardening controls fail
closed.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from hardened_eks.controls.model import Family, Problem
from hardened_eks.evidence import intrinsics, left_open
from hardened_eks.judging.alternatives import Alternatives, compared
from hardened_eks.judging.choices import MOST, UNTRIED, Choices
from hardened_eks.judging.merging import merge, name
from hardened_eks.judging.watching import Watched
from hardened_eks.judging.written import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Assembly, Resource, Subject
    from hardened_eks.evidence.noting import Note
    from hardened_eks.judging.alternatives import Alternative, Decision, Purpose
    from hardened_eks.judging.choices import Choice
    from hardened_eks.judging.merging import Judged


class Possible:
    """All that an assembly can become."""

    def __init__(self, assembly: Assembly) -> None:
        """Find out whether the templates leave anything open."""
        self._assembly = assembly
        self._choices = Choices(assembly)
        self._watched = Watched(assembly, self._choices)
        self._alternatives = Alternatives(assembly)
        self._closed = not self._choices.any and not any(map(left_open.has_any, assembly.templates))

    def problems(self, control: Control, resource: Resource) -> list[Problem]:
        """Return what is wrong with `resource` in any way to deploy it, each with the first way that is bad."""
        if self._closed:
            return as_written(control, resource, self._assembly)
        wanted = resource.body.get("Condition")
        if isinstance(wanted, str) and intrinsics.condition(wanted, resource.template) is False:
            return []
        watched = self._watched
        watched.start(resource, dict(self._choices.of(resource)) if self._choices.any else {})
        found = as_written(control, resource, watched)
        opened, choices = watched.stop(), watched.read
        if watched.compares and self._assembly.previous is None:
            opened = []  # without what is deployed now, nothing changes
        if choices and not watched.compares:
            unseen = [problem for problem in found if problem.unseen]
            written = [problem for problem in found if not problem.unseen]
            found = unseen + self._merged(control, resource, choices, written)
        elif watched.compares and control.family is Family.DEPLOYABLE:
            found = [*found, *self._by_changed_defaults(control, resource, found)]
        return found or (_left_open(opened, resource) if opened and not control.unread else [])

    def _merged(
        self, control: Control, resource: Resource, choices: Mapping[Choice, None], found: list[Problem]
    ) -> list[Problem]:
        """Return the problems of the resource as it is written with those of every way to deploy it."""
        judged = self._judge(control, resource, choices)
        merged = merge(found, judged) if judged else [(True, problem) for problem in found]
        if control.family is Family.DEPLOYABLE:
            return self._with_defaults(control, resource, choices, merged)
        if not merged and self._choices.defaults in choices:
            merged = self._by_defaults(control, resource, choices)
        if not merged:
            merged = merge((), self._one_by_one(control, resource, choices))
        return [problem for _, problem in merged]

    def _by_defaults(
        self, control: Control, resource: Resource, choices: Iterable[Choice]
    ) -> list[tuple[bool, Problem]]:
        """Return what the parameters' defaults bring about, where a value that is not known passes."""
        told = merge((), self._judge(control, resource, choices, defaults=True))
        return [(False, replace(one, message=f"{one.message} (with the parameters' defaults)")) for _, one in told]

    def _by_changed_defaults(self, control: Control, resource: Resource, found: list[Problem]) -> list[Problem]:
        """Return what else changes if the parameters had their defaults before and have them now."""
        other = self._compared
        same = other.same(resource) if other is not None else None
        if other is None or same is None:
            return []
        told = _places(found)
        new = [one for one in _seen(as_written(control, same, other.assembly)) if (one.subject, one.path) not in told]
        return [replace(one, message=f"{one.message} (with the parameters' defaults)") for one in new]

    @cached_property
    def _compared(self) -> Alternative | None:
        return compared(self._assembly)

    def _one_by_one(self, control: Control, resource: Resource, choices: Iterable[Choice]) -> Judged:
        """Evaluate `resource` for each option of the choices that `_judge` does not combine.

        What is wrong without any option comes from values that are unknown here, and that `_judge` found to be good.
        """
        combined = _few([choice for choice in choices if choice.options and not choice.alone], MOST)
        rest = [choice for choice in choices if choice.options and choice not in combined]
        if not rest:
            return []
        unknown = {key for _, problems in self._each(control, resource, [UNTRIED]) for key in _places(problems)}
        judged: Judged = []
        for choice in rest:
            for option in choice.options:
                other = self._alternatives.of({choice: option}, purpose="option")
                same = other.same(resource) if other is not None else None
                if other is not None and same is not None:
                    found = _seen(as_written(control, same, other.assembly))
                    judged.append(({choice: option}, [one for one in found if (one.subject, one.path) not in unknown]))
        return judged

    def _judge(
        self, control: Control, resource: Resource, choices: Iterable[Choice], *, defaults: bool = False
    ) -> Judged:
        """Evaluate `resource` for each combination of options, with what is not tried there and not there."""
        wanted = [choice for choice in choices if choice.options and not choice.alone]
        tried = _few(wanted, MOST)
        if len(tried) == len(wanted) or control.family is Family.DEPLOYABLE:
            return self._each(control, resource, tried, defaults=defaults)
        few = self._each(control, resource, [*_few(wanted, MOST // 2), UNTRIED], defaults=defaults)
        if defaults or not _alike(few):
            return few
        # What is wrong in every combination may only be unknown there, because of a choice that was not tried.
        return self._alone(control, resource, wanted) or few

    def _each(
        self,
        control: Control,
        resource: Resource,
        tried: Sequence[Choice],
        *,
        defaults: bool = False,
        purpose: Purpose = "combination",
    ) -> Judged:
        """Evaluate `resource` for each combination of the options of some choices.

        Args:
            control: the control.
            resource: the resource.
            tried: the choices.
            defaults: whether the other parameters have their defaults. Default: they stay unknown.
            purpose: what the combinations are for.
        """
        judged: Judged = []
        for decision in _combined(tried) or ([{}] if defaults else []):
            other = self._alternatives.of(decision, defaults=defaults, purpose=purpose)
            if other is None:
                if control.family is Family.DEPLOYABLE:
                    return []
                return self._each(control, resource, [UNTRIED], defaults=defaults)
            same = other.same(resource)
            if same is not None:
                judged.append((decision, _seen(as_written(control, same, other.assembly))))
        return judged

    def _alone(self, control: Control, resource: Resource, wanted: Sequence[Choice]) -> Judged:
        """Evaluate `resource` for each option of one choice, with the others unknown.

        Returns:
            The choice with the fewest bad options; empty if every option of each is bad, unless it is the only choice.
        """
        best: Judged = []
        for choice in wanted:
            tried = [choice, UNTRIED] if len(wanted) > 1 else [choice]
            if self._alternatives.affords(_combined(tried), "choice"):
                judged = self._each(control, resource, tried, purpose="choice")
                if _bad(judged) < _bad(best) or len(wanted) == 1:
                    best = judged
                if not _bad(best):
                    break
        return best

    def _with_defaults(
        self,
        control: Control,
        resource: Resource,
        choices: Mapping[Choice, None],
        merged: list[tuple[bool, Problem]],
    ) -> list[Problem]:
        """Add what the parameters' defaults bring about: they are not certain, but AWS would refuse them."""
        found = [problem for is_written, problem in merged if is_written]
        told = _places(found)
        possible: set[tuple[Subject | None, str]] | None = None
        for decision in itertools.islice(self._decisions(choices), MOST + 1):
            other = self._alternatives.of(decision, defaults=True)
            same = other.same(resource) if other is not None else None
            if other is None or same is None:
                continue
            new = [p for p in _seen(as_written(control, same, other.assembly)) if (p.subject, p.path) not in told]
            if new and possible is None:
                possible = self._places_with_defaults(control, resource, choices)
            new = [p for p in new if possible is None or (p.subject, p.path) in possible]
            told |= _places(new)
            way = name(decision) or "with the parameters' defaults"
            found += [replace(problem, message=f"{problem.message} ({way})") for problem in new]
        return found + [problem for _, problem in merged if (problem.subject, problem.path) not in told]

    def _places_with_defaults(
        self, control: Control, resource: Resource, choices: Mapping[Choice, None]
    ) -> set[tuple[Subject | None, str]] | None:
        """Return what is wrong in any combination; None if too many were tried.

        Where a condition is undecided, resources that exclude each other seem to exist together.
        """
        judged = self._judge(control, resource, choices, defaults=True)
        return {place for _, problems in judged for place in _places(problems)} if judged else None

    def _decisions(self, choices: Mapping[Choice, None]) -> Iterator[Decision]:
        """Yield what to try beside the defaults: nothing, then each value that is not the default."""
        yield {}
        for choice in choices:
            default = self._alternatives.default(choice)
            few = choice.parameter and not choice.alone and len(choice.options) <= MOST
            for option in choice.options if few else ():
                if option.value != default:
                    yield {choice: option}


def _left_open(notes: Sequence[Note], resource: Resource) -> list[Problem]:
    """Return what a control says that found nothing wrong, but read values that parameters leave open."""
    first = notes[0]
    openings = tuple(dict.fromkeys(opening for note in notes for opening in note.openings))
    own = first.resource is resource
    where = first.path if own else f"{first.path} of {first.resource.logical_id}"
    message = f"{where} depends on {left_open.listed(openings)}"
    return [Problem(message, first.path if own else "", unseen=True, openings=openings)]


def _few(choices: Iterable[Choice], most: int) -> list[Choice]:
    """Return the first choices that make no more than `most` combinations."""
    found, size = [], 1
    for choice in choices:
        if size * len(choice.options) <= most:
            found.append(choice)
            size *= len(choice.options)
    return found


def _bad(judged: Judged) -> float:
    """Return the share of the alternatives that have a problem, from 0 to 1; without alternatives, 1."""
    return sum(bool(problems) for _, problems in judged) / len(judged) if judged else 1.0


def _places(problems: Iterable[Problem]) -> set[tuple[Subject | None, str]]:
    return {(problem.subject, problem.path) for problem in problems}


def _alike(judged: Judged) -> bool:
    """Return whether the same properties are wrong in all alternatives, and any."""
    found = [_places(problems) for _, problems in judged]
    return bool(found) and bool(found[0]) and all(one == found[0] for one in found)


def _combined(choices: Sequence[Choice]) -> list[Decision]:
    """Return each combination of the options of some choices; none without choices."""
    if not choices:
        return []
    products = itertools.product(*(choice.options for choice in choices))
    return [dict(zip(choices, options, strict=True)) for options in products]


def _seen(problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what is not seen: the resource as written reports that."""
    return [problem for problem in problems if not problem.unseen]
