"""The page on coverage: what answers each requirement, and what nothing answers."""

from collections import Counter

from hardened_eks.controls import CATALOGUE
from hardened_eks.detections import DETECTIONS
from hardened_eks.reports.matrix import TIERS, Answer, Line, lines

MEANS = {
    Answer.ENFORCED: "A construct sets it by default. If a control evaluates it too, that fails on other values.",
    Answer.CHECKED: "A control evaluates it in templates, or in an account.",
    Answer.WATCHED: (
        "A detection reports it, or a managed rule of AWS Config in the "
        "[conformance packs](../how-to/answer-an-auditor.md#conformance-packs)."
    ),
    Answer.EXPLAINED: "Nothing here answers it: the table names the responsible party and the reason.",
}


def page(note: str) -> str:
    """Return docs/reference/coverage.md."""
    matrix = lines(CATALOGUE, DETECTIONS)
    tiers = Counter((line.requirement.tier, line.answer) for line in matrix)
    shown = list(dict.fromkeys([*TIERS, *(line.requirement.tier for line in matrix)]))
    found = ["# Coverage", "", note]
    found += [f"The answer to each of the {len(matrix)} requirements. The first answer that applies counts:", ""]
    found += [f"- {answer}: {MEANS[answer]}" for answer in Answer]
    found += ["", f"| tier | {' | '.join(Answer)} |", f"|---|{'---|' * len(Answer)}"]
    found += [f"| {tier} | {' | '.join(str(tiers[tier, answer]) for answer in Answer)} |" for tier in shown]
    left = [line for line in matrix if line.requirement.tier in TIERS and line.answer is Answer.EXPLAINED]
    found += ["", f"## The {len(left)} requirements on templates and accounts that are only explained", ""]
    found += ["| requirement | title | why |", "|---|---|---|"]
    found += [f"| `{one.requirement.key}` | {one.requirement.title} | {one.requirement.reason} |" for one in left]
    found += ["", "## All requirements", ""]
    found += ["| requirement | title | tier | | answered by |", "|---|---|---|---|---|"]
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
    return "; ".join(filter(None, parts))
