"""The control matrix: each requirement with everything that covers it, from the construct to the test."""

from __future__ import annotations

import csv
import io
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.conformance import CUSTOM, LEFT_OUT
from hardened_eks.controls.frameworks import CONFIG, OWN, frameworks, requirements
from hardened_eks.data.cluster_rules import RULES
from hardened_eks.reports.coverage import natural
from hardened_eks.reports.results import Result, Results, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.controls.frameworks import Requirement
    from hardened_eks.controls.model import Control
    from hardened_eks.detections import Detection
    from hardened_eks.reports.model import Report

_WATCHER: Final = "Detection"
_OF_CONSTRUCTS: Final = "tests/stacks/test_enforced.py"
_OF_EVENTS: Final = "tests/detections/test_events.py"
_OF_ALARMS: Final = "tests/detections/test_alarms.py"
_COLUMNS: Final = (
    "requirement", "title", "tier", "severity", "answer", "result", "controls", "constructs", "config_rules",
    "detections", "tests", "references", "party", "reason", "rest",
)  # fmt: skip


class Answer(StrEnum):
    """How a requirement is covered, the best first."""

    ENFORCED = "enforced"
    """A construct sets it by default; if a control also evaluates it, the control fails if it is not set."""
    CHECKED = "checked"
    """A control evaluates it in templates or an account."""
    WATCHED = "watched"
    """A detection reports it, or an AWS Config managed rule of the conformance packs."""
    EXPLAINED = "explained"
    """Nothing in this library covers it: see its party and reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement and everything that covers it."""

    requirement: Requirement
    controls: tuple[Control, ...]
    detections: tuple[Detection, ...]

    @property
    def constructs(self) -> tuple[str, ...]:
        """The public names of the constructs that enforce or monitor it."""
        names = {control.enforced_by for control in self.controls if control.enforced_by}
        if self.detections:
            names.add(_WATCHER)
        return tuple(sorted(names))

    @property
    def config_rules(self) -> tuple[str, ...]:
        """Identifiers of the AWS Config managed rules for it, and names of Guard rules in the packs."""
        custom = (rule.name for rule in CUSTOM if rule.requirement == self.requirement.key)
        return (*sorted(self.requirement.references.get(CONFIG, ())), *custom)

    @property
    def tests(self) -> tuple[str, ...]:
        """The test files of this project for everything that covers it. Controls of the team have their own tests."""
        own = [control for control in self.controls if control.area != "own"]
        found = {f"tests/controls/{control.area}/{control.name}.py" for control in own}
        if any(control.enforced_by for control in own):
            found.add(_OF_CONSTRUCTS)
        for detection in self.detections:
            found |= {_OF_ALARMS if e.source == "alarm" else _OF_EVENTS for e in detection.expressions}
        return tuple(sorted(found))

    @property
    def references(self) -> tuple[str, ...]:
        """``framework:id`` of all frameworks with the requirement, except AWS Config and this project."""
        found = [
            (id_, reference)
            for id_, references in self.requirement.references.items()
            if id_ not in {CONFIG, OWN}
            for reference in references
        ]
        return tuple(f"{id_}:{name}" for id_, name in sorted(found, key=lambda pair: (pair[0], natural([pair[1]]))))

    @property
    def answer(self) -> Answer:
        """The best kind of coverage."""
        if any(control.enforced_by for control in self.controls):
            return Answer.ENFORCED
        if self.controls:
            return Answer.CHECKED
        watched = self.detections or set(self.config_rules) - set(LEFT_OUT)
        return Answer.WATCHED if watched else Answer.EXPLAINED

    @property
    def rules(self) -> tuple[str, ...]:
        """The Config rules for it: `config_rules`, and those of `ClusterRules` that its controls evaluate."""
        ids = {control.id for control in self.controls if control.area != "own"}
        return (*self.config_rules, *(rule.name for rule in RULES if rule.control in ids))

    def result(self, results: Results) -> str:
        """Return the worst result of its controls; empty if it has none."""
        return str(worst(map(results.of, self.controls))) if self.controls else ""


def lines(controls: Iterable[Control], detections: Iterable[Detection]) -> list[Line]:
    """Return the matrix, one line for each requirement of the catalog.

    Args:
        controls: the controls.
        detections: the detections.
    """
    answers: dict[str, list[Control]] = {}
    for control in controls:
        for key in control.requirements:
            answers.setdefault(key, []).append(control)
    watches: dict[str, list[Detection]] = {}
    for detection in detections:
        for key in detection.requirements:
            watches.setdefault(key, []).append(detection)
    return [
        Line(
            requirement,
            tuple(sorted(answers.get(requirement.key, ()), key=lambda control: control.id)),
            tuple(sorted(watches.get(requirement.key, ()), key=lambda detection: detection.id)),
        )
        for requirement in requirements().values()
    ]


def as_csv(matrix: Iterable[Line], report: Report) -> str:
    """Return the matrix as CSV with the results of a report. Several values in one field are separated by spaces."""
    results = Results(report)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in matrix:
        requirement = line.requirement
        writer.writerow(
            [
                requirement.key,
                requirement.title,
                requirement.tier,
                requirement.severity,
                line.answer,
                line.result(results),
                " ".join(control.id for control in line.controls),
                " ".join(line.constructs),
                " ".join(line.rules),
                " ".join(detection.id for detection in line.detections),
                " ".join(line.tests),
                "; ".join(line.references),
                requirement.party,
                requirement.reason,
                requirement.rest,
            ]
        )
    return buffer.getvalue()


def as_html(matrix: Sequence[Line], report: Report) -> str:
    """Return the matrix as one self-contained page, with the results of a report."""
    from hardened_eks.reports._pages import page  # imports jinja2, which CSV does not need

    results = Results(report)
    answers = Counter(line.answer for line in matrix)
    return page(
        "matrix.html.j2",
        {
            "report": report,
            "lines": [(line, line.result(results)) for line in matrix],
            "answers": [(answer, answers[answer]) for answer in Answer],
            "results": Counter(line.result(results) for line in matrix if line.controls),
            "order": list(Result),
            "frameworks": len(frameworks()),
        },
    )
