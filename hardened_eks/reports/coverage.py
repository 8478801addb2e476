"""The requirements of each framework, the controls that cover them, and their results."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.controls.frameworks import OWN, frameworks, requirements
from hardened_eks.reports.as_markdown import text
from hardened_eks.reports.results import Result, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.controls.frameworks import Framework, Requirement
    from hardened_eks.controls.model import Control
    from hardened_eks.reports.results import Results


_COLUMNS: Final = (
    "framework", "version", "references", "requirement", "title", "controls", "party", "reason", "rest",
)  # fmt: skip


class Coverage(StrEnum):
    """The result for a requirement in one outcome."""

    FAILS = "fails"
    NOT_SEEN = "not seen"
    """A control covers it, but the deciding values are not in the input."""
    WAIVED = "waived"
    PASSES = "passes"
    NOT_EXAMINED = "not examined"
    """A control covers it, but found nothing to evaluate."""
    ELSEWHERE = "not a template check"
    """No control covers it: see its party and reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement of one framework."""

    framework: Framework
    references: tuple[str, ...]
    """The IDs of the framework for the requirement."""
    requirement: Requirement
    controls: tuple[Control, ...]

    def status(self, results: Results) -> Coverage:
        """Return the worst result of its controls."""
        return status(self.controls, results) if self.controls else Coverage.ELSEWHERE


_STATUSES: Final = {
    Result.FAIL: Coverage.FAILS,
    Result.NOT_SEEN: Coverage.NOT_SEEN,
    Result.WAIVED: Coverage.WAIVED,
    Result.PASS: Coverage.PASSES,
    Result.NOT_EXAMINED: Coverage.NOT_EXAMINED,
}


def status(controls: Iterable[Control], results: Results) -> Coverage:
    """Return the worst result of one or more controls."""
    return _STATUSES[worst(map(results.of, controls))]


def rows(controls: Iterable[Control], framework: str = "") -> list[Row]:
    """Return the matrix: every framework (or one) by requirement, covered or not."""
    answers: dict[str, list[Control]] = {}
    for control in controls:
        for key in control.requirements:
            answers.setdefault(key, []).append(control)
    found = [
        Row(frameworks()[id_], references, requirement, tuple(answers.get(requirement.key, ())))
        for requirement in requirements().values()
        for id_, references in requirement.references.items()
        if id_ != OWN and framework in {"", id_}
    ]
    return sorted(found, key=lambda row: (row.framework.id, natural(row.references), row.requirement.key))


def natural(references: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return a sort key that puts 5.4.2 before 5.10.1."""
    parts = "".join(references[:1]).replace("-", ".").split(".")
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def as_markdown(matrix: Iterable[Row]) -> str:
    """Return the matrix as one table for each framework."""
    lines: list[str] = []
    last = ""
    for row in matrix:
        if row.framework.id != last:
            last = row.framework.id
            lines += [
                *([""] if lines else []),
                f"## {title(row.framework)}",
                "",
                "| reference | requirement | covered by |",
                "|---|---|---|",
            ]
        lines.append(f"| {text(', '.join(row.references))} | {text(row.requirement.title)} | {text(_answer(row))} |")
    return "\n".join(lines) + "\n"


def as_csv(matrix: Iterable[Row]) -> str:
    """Return the matrix as CSV, one line for each framework and requirement."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in matrix:
        requirement = row.requirement
        writer.writerow(
            [
                row.framework.id,
                row.framework.version,
                " ".join(row.references),
                requirement.key,
                requirement.title,
                " ".join(control.id for control in row.controls),
                requirement.party,
                requirement.reason,
                requirement.rest,
            ]
        )
    return buffer.getvalue()


def as_json(matrix: Iterable[Row]) -> str:
    """Return the matrix as a JSON list."""
    entries = [
        {
            "framework": row.framework.id,
            "frameworkTitle": row.framework.title,
            "frameworkVersion": row.framework.version,
            "references": list(row.references),
            "requirement": row.requirement.key,
            "title": row.requirement.title,
            "tier": row.requirement.tier,
            "controls": [control.id for control in row.controls],
            "party": row.requirement.party,
            "reason": row.requirement.reason,
            "rest": row.requirement.rest,
        }
        for row in matrix
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def title(framework: Framework) -> str:
    """Return a framework's title with its version."""
    return f"{framework.title} {framework.version}".strip()


def _answer(row: Row) -> str:
    if row.controls:
        ids = ", ".join(control.id for control in row.controls)
        return ". ".join(filter(None, [ids, row.requirement.not_covered]))
    return f"{row.requirement.party}: {row.requirement.reason}" if row.requirement.party else "no control"
