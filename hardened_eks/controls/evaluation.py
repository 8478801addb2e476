"""Put controls to work on evidence, and say what was examined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hardened_eks.controls.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hardened_eks.controls.evidence import Assembly, Resource
    from hardened_eks.controls.model import Control


@dataclass(frozen=True, slots=True)
class Finding:
    """One resource that fails one control, in one way."""

    control: Control
    resource: Resource
    problem: Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks found, and what they looked at."""

    controls: tuple[Control, ...]
    findings: tuple[Finding, ...]
    examined: Mapping[Control, int] = field(default_factory=dict)
    """How many resources each control judged. Zero is not a pass."""


def evaluate(assembly: Assembly, controls: Iterable[Control]) -> Outcome:
    """Judge every resource of `assembly` that a control selects.

    A check that breaks on a malformed resource is a finding (it could not be judged), never an exception.
    """
    controls = tuple(controls)
    findings: list[Finding] = []
    examined: dict[Control, int] = {}
    for control in controls:
        resources = assembly.of(*control.types)
        examined[control] = len(resources)
        for resource in resources:
            try:
                problems = list(control.check(resource, assembly))
            except Exception as error:  # noqa: BLE001 - a malformed template must not hide the other findings
                problems = [Problem(f"cannot be judged, the resource is malformed ({type(error).__name__}: {error})")]
            findings.extend(Finding(control, resource, problem) for problem in problems)
    return Outcome(controls, tuple(findings), examined)
