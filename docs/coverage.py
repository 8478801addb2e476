"""Generate the coverage page: how each requirement is covered, and which requirements are not covered."""

from collections import Counter
from typing import Final

from hardened_eks.conformance import TIERS
from hardened_eks.controls import CATALOGUE
from hardened_eks.detections import DETECTIONS
from hardened_eks.reports.matrix import Answer, Line, lines

MEANS = {
    Answer.ENFORCED: (
        "A construct meets it by default. If a control also evaluates it, the control fails on other values."
    ),
    Answer.CHECKED: "A control evaluates it in templates or in an account.",
    Answer.WATCHED: (
        "A detection reports violations, or an AWS Config managed rule does, in the "
        "[conformance packs](../how-to/answer-an-auditor.md#conformance-packs)."
    ),
    Answer.EXPLAINED: "This library does not cover it. The table names the responsible party and the reason.",
}
_REST_NOTE: Final = "*Not covered* names the part of a requirement that nothing in its row covers."
_TIER_NOTE: Final = (
    "The tier shows where a requirement is met: `core` and `module` in templates, `account` in the AWS account, "
    "`cluster` inside the cluster, `aws` in the part of EKS that AWS operates, and `process` by people."
)


def page(note: str) -> str:
    """Return docs/reference/coverage.md."""
    matrix = lines(CATALOGUE, DETECTIONS)
    tiers = Counter((line.requirement.tier, line.answer) for line in matrix)
    shown = list(dict.fromkeys([*TIERS, *(line.requirement.tier for line in matrix)]))
    found = ["# Coverage", "", note]
    found += [f"This page shows how each of the {len(matrix)} requirements is covered.", ""]
    found += ["A requirement counts in the first of these categories that applies:", ""]
    found += [f"- {answer}: {MEANS[answer]}" for answer in Answer]
    found += ["", _REST_NOTE, "", _TIER_NOTE, ""]
    found += [f"| tier | {' | '.join(Answer)} |", f"|---|{'---|' * len(Answer)}"]
    found += [f"| {tier} | {' | '.join(str(tiers[tier, answer]) for answer in Answer)} |" for tier in shown]
    left = [line for line in matrix if line.requirement.tier in TIERS and line.answer is Answer.EXPLAINED]
    found += ["", f"## Requirements for templates and accounts that are only explained ({len(left)})", ""]
    found += ["| requirement | title | reason |", "|---|---|---|"]
    found += [f"| `{one.requirement.key}` | {one.requirement.title} | {one.requirement.reason} |" for one in left]
    found += ["", "## All requirements", ""]
    found += ["| requirement | title | tier | category | covered by |", "|---|---|---|---|---|"]
    found += [_row(line) for line in matrix]
    return "\n".join(found) + "\n"


def _row(line: Line) -> str:
    requirement = line.requirement
    return f"| `{requirement.key}` | {requirement.title} | {requirement.tier} | {line.answer} | {_by(line)} |"


def _by(line: Line) -> str:
    if line.answer is Answer.EXPLAINED:
        return f"{line.requirement.party}: {line.requirement.reason}"
    parts = [", ".join(control.id for control in line.controls)]
    if not line.controls:
        parts.append(", ".join(f"`hardened.{name}`" for name in line.constructs if name != "Detection"))
    parts.append(", ".join(f"`{detection.id}`" for detection in line.detections))
    if not line.controls:
        parts.append(", ".join(f"`{rule}`" for rule in line.config_rules))
    by = "; ".join(filter(None, parts))
    return ". ".join(filter(None, [by, line.requirement.not_covered]))
