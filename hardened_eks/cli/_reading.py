"""Helpers for the commands that evaluate files: read the files and report what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.reports import Report
from hardened_eks.sources import InputProblem, UnusableInputError, compare, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hardened_eks.evidence import Waiver
    from hardened_eks.judging.evaluation import Outcome
    from hardened_eks.sources import Loaded


def fixed(given: Sequence[str], problems: list[object]) -> dict[str, str]:
    """Return the template parameters of ``--parameters``."""
    found: dict[str, str] = {}
    for parameter in given:
        key, equals, value = parameter.partition("=")
        if not equals or not key:
            problems.append(InputProblem("--parameters", f"needs KEY=VALUE, got {parameter!r}"))
            continue
        if found.setdefault(key, value) != value:
            why = f"{key} has two values, {found[key]!r} and {value!r}: pass one of them"
            problems.append(InputProblem("--parameters", why))
    return found


def accepted(files: Sequence[str], problems: list[object]) -> tuple[Waiver, ...]:
    """Return the waivers of the files."""
    if not files:
        return ()
    from hardened_eks.sources.waivers import read_waivers

    try:
        return read_waivers(files)
    except UnusableInputError as error:
        problems += error.problems
        return ()


def read(
    paths: Sequence[str],
    parameters: dict[str, str],
    against: str | None,
    problems: list[object],
) -> Loaded | None:
    """Return the readable content of the paths, or None if nothing can be used."""
    loaded = None
    try:
        loaded = load(paths, parameters=parameters, partial=True)
    except UnusableInputError as error:
        problems += error.problems
    if against is None:
        return loaded
    try:
        previous = load([against]).assembly
    except UnusableInputError as error:
        problems += error.problems
        return loaded
    if loaded is not None:
        compare(loaded, previous)
    return loaded


def report_of(outcome: Outcome, loaded: Loaded, paths: Sequence[str], day: date) -> Report:
    """Return the report for an outcome."""
    from hardened_eks import __version__

    assembly = loaded.assembly
    return Report(
        outcome=outcome,
        day=day,
        version=__version__,
        inputs=tuple(paths),
        files=tuple(template.path for template in assembly.templates),
        notes=loaded.notes,
        hides_eks=loaded.hides_eks,
        unread=len(loaded.unread),
        stacks=len(assembly.templates),
        has_eks=any(type_.startswith(("AWS::EKS::", "Kubernetes::")) for type_ in assembly.types),
    )
