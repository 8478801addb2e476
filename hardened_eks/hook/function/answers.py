"""The answers of the hook: a status, a message for people, and an annotation for each control with a result."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.hook.function.requests import Target
from hardened_eks.reports.model import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.hook.function.judging import Verdict
    from hardened_eks.reports.model import Entry

LONGEST: Final = {Target.CLOUD_CONTROL: 1024}
"""Maximum characters of a message; CloudFormation cuts longer ones."""
LONGEST_OF_STACKS: Final = 4096
_LONGEST_STATUS: Final = 4096
_LONGEST_NAME: Final = 1024
_MOST: Final = 100
NO_EKS: Final = "hardened-eks: no EKS here"


def of_verdict(verdict: Verdict, target: Target, note: str = "") -> dict[str, Any]:
    """Return the answer to a request that was evaluated, without its token.

    Args:
        verdict: result of the evaluation.
        target: kind of target.
        note: further information for people. Default: none.
    """
    report = verdict.report
    if not verdict.examined and not report.hides_eks:
        return _answer("SUCCESS", _cut([f"{NO_EKS}{f' ({verdict.note})' if verdict.note else ''}"], target))
    failing = _failing(verdict)
    lines = [f"hardened-eks: {report.summary}", *([clean(note)] if note else [])]
    lines += [f"{one.control.id} [{one.severity}] {_where(one)}: {one.message}" for one in failing]
    if verdict.alone:
        ids = ", ".join(dict.fromkeys(one.control.id for one in verdict.alone))
        lines.append(f"not evaluated here, since they need other templates, but failing on this one alone: {ids}")
    status = "FAILED" if verdict.fails else "SUCCESS"
    return _answer(status, _cut(lines, target), "NonCompliant", [*_annotations(verdict)][:_MOST])


def not_judged(why: str, target: Target = Target.STACK) -> dict[str, Any]:
    """Return the answer if nothing could be evaluated, without its token: it fails, the failure mode decides."""
    return _answer("FAILED", _cut([f"hardened-eks: not evaluated, which is not a pass: {clean(why)}"], target),
                   "InternalFailure")  # fmt: skip


def passed_over(why: str, target: Target) -> dict[str, Any]:
    """Return the answer to a request that the hook does not evaluate, without its token."""
    return _answer("SUCCESS", _cut([f"hardened-eks: {why}"], target))


def _answer(status: str, message: str, error: str = "", annotations: Sequence[Any] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {"hookStatus": status, "message": message}
    if status == "FAILED":
        found["errorCode"] = error
    return {**found, "annotations": list(annotations)} if annotations else found


def _failing(verdict: Verdict) -> list[Entry]:
    """Return the failing entries, worst first: findings, and unseen properties that decide about security."""
    report = verdict.report
    unseen = [one for one in report.unseen if report.outcome.stops(one.control)]
    return sorted([*report.failing, *unseen], key=lambda one: one.severity.rank)


def _where(entry: Entry) -> str:
    name = entry.name or entry.subject
    return f"{name}.{entry.property_path}" if entry.property_path else name


def _cut(lines: Sequence[str], target: Target) -> str:
    """Return as many lines as fit, and the number of further ones."""
    room = LONGEST.get(target, LONGEST_OF_STACKS)
    first = lines[0] if len(lines[0]) <= room else f"{lines[0][: room - 3]}..."
    text = first
    for number, line in enumerate(lines[1:], start=1):
        rest = len(lines) - number
        end = f"\nand {rest} more" if rest > 1 else ""
        if len(text) + 1 + len(line) + len(end) > room:
            more = f"\nand {rest} more"
            return text + more if len(text) + len(more) <= room else text
        text = f"{text}\n{line}"
    return text


def _annotations(verdict: Verdict) -> Iterator[dict[str, Any]]:
    """Yield an annotation for each failing control, then for those without sufficient input, worst first."""
    report = verdict.report
    failing: dict[Control, list[str]] = defaultdict(list)
    severities: dict[Control, Any] = {}
    for one in _failing(verdict):
        failing[one.control].append(f"{_where(one)}: {one.message}")
        severities.setdefault(one.control, one.severity)
    for control, texts in failing.items():
        yield _annotation(control, "FAILED", texts, severities[control])
    skipped: dict[Control, list[str]] = defaultdict(list)
    for entry in (*report.warnings, *report.unseen):
        if entry.control not in failing:
            skipped[entry.control].append(f"{_where(entry)}: {entry.message}")
    for entry in report.waived:
        until = f"waived until {entry.waiver_until}: {entry.waiver_reason}"
        skipped[entry.control].append(f"{_where(entry)}: {entry.message} ({until})")
    for finding in verdict.alone:
        text = f"on this template alone: {clean(finding.subject.name)}: {clean(finding.problem.message)}"
        skipped[finding.control].append(text)
    for control, texts in sorted(skipped.items(), key=lambda pair: pair[0].severity.rank):
        if control not in failing:
            yield _annotation(control, "SKIPPED", texts, control.severity)


def _annotation(control: Control, status: str, texts: Iterable[str], severity: Any) -> dict[str, Any]:
    said = "; ".join(dict.fromkeys(texts))
    return {
        "annotationName": f"{control.id} {control.title}"[:_LONGEST_NAME],
        "status": status,
        "statusMessage": said if len(said) <= _LONGEST_STATUS else f"{said[: _LONGEST_STATUS - 3]}...",
        "remediationMessage": control.fix,
        "remediationLink": control.source,
        "severityLevel": str(severity).upper(),
    }
