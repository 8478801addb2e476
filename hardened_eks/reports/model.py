"""What every report says, flattened once: no format looks into evidence."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator
    from datetime import date

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Kind
    from hardened_eks.evidence.left_open import Opening
    from hardened_eks.judging.evaluation import Finding, Outcome
    from hardened_eks.reports.changes import Changes

_UNPRINTABLE: Final = regex("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LONGEST: Final = 2_000


class State(StrEnum):
    """What a finding does to the verdict."""

    FAIL = "fail"
    WARNING = "warning"
    WAIVED = "waived"
    UNSEEN = "not seen"


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding, ready to be printed: every text is clean (no control characters) and of bounded length."""

    state: State
    control: Control
    message: str
    kind: Kind
    """What sort of thing it is about."""
    subject: str
    """What it is about: ``Stack/LogicalId``, ``Stack/Parameters/Name``, ``assembly``, ``account:eu-west-1``."""
    property_path: str
    """The dotted path of the property, or in the entry; empty for the subject itself."""
    place: str
    """The dotted path in the body of the resource or entry: ``Properties.Tags.0``; empty for the subject itself."""
    stack: str
    """Empty for what is not in one template."""
    name: str
    """Logical id of a resource, key of an entry; empty for other subjects."""
    type: str
    """CloudFormation type of a resource, ``parameter`` or the like for an entry; empty for other subjects."""
    construct_path: str
    file: str
    line: int | None
    waiver_reason: str = ""
    waiver_until: str = ""
    waiver_approver: str = ""
    waiver_origin: str = ""
    severity: Severity = Severity.LOW
    """How bad this finding is; mostly as bad as the control says."""
    cause: str = ""
    """What it comes from, with other findings of the template; empty where it stands alone."""
    openings: tuple[Opening, ...] = ()
    """What decides what is not seen and is given or read at deployment; empty where nothing does."""
    arn: str = ""
    """Of a resource of an account; empty where it has none, and for what is in a template."""

    @property
    def location(self) -> str:
        """``file:line``, as far as known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def what(self) -> str:
        """The type, in words where the subject has none: ``waiver``."""
        return self.type or str(self.kind)


@dataclass(frozen=True)
class Report:
    """An outcome with what surrounds it."""

    outcome: Outcome
    day: date
    """The day the waivers were evaluated on."""
    version: str = ""
    """The version of this library."""
    inputs: tuple[str, ...] = ()
    """The paths that were checked, as given."""
    files: tuple[str, ...] = ()
    """The templates that were read."""
    notes: tuple[str, ...] = ()
    """What could not be seen."""
    hides_eks: bool = False
    """Whether something among the notes makes, or may make, whole clusters. Then nothing passes."""
    unread: int = 0
    """Number of reasons why some input could not be read. With one or more, nothing passes."""
    stacks: int = 0
    has_eks: bool = True
    """Whether any template has an EKS resource."""
    environments: int = 0
    """For accounts: how many Regions of how many accounts were read. 0 for files."""
    changes: Changes | None = None
    """What differs from an earlier state, or from templates; None where nobody asked."""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All findings: the failing, the warnings, the waived; each worst first."""
        return (*self.failing, *self.warnings, *self.waived)

    @cached_property
    def failing(self) -> tuple[Entry, ...]:
        """What fails."""
        return _entries(self.outcome.findings, State.FAIL)

    @cached_property
    def warnings(self) -> tuple[Entry, ...]:
        """What does not fail."""
        return _entries(self.outcome.warnings, State.WARNING)

    @cached_property
    def waived(self) -> tuple[Entry, ...]:
        """The findings that waivers suppress."""
        return _entries(self.outcome.waived, State.WAIVED)

    @cached_property
    def unseen(self) -> tuple[Entry, ...]:
        """What controls could not see: in no other list, and said in `not_seen`."""
        return _entries(self.outcome.unseen, State.UNSEEN)

    @cached_property
    def not_seen(self) -> tuple[str, ...]:
        """The `notes`, and a sentence for each thing that controls could not see, with their ids.

        Resources with the same unseen value share a sentence, and so does everything that one parameter, output,
        attribute or dynamic reference decides: `unseen` has each entry.
        """
        asked: dict[tuple[str, str, str], set[str]] = {}
        for entry in (one for one in self.unseen if not one.openings):
            asked.setdefault((entry.subject, entry.property_path, entry.message), set()).add(entry.control.id)
        alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
        for (subject, path, message), ids in asked.items():
            alike.setdefault((path, message, tuple(sorted(ids))), []).append(subject)
        lines = list(self.notes)
        for (path, message, silent), (first, *others) in alike.items():
            where = f"{first} and {len(others)} more" if others else first
            lines.append(f"{f'{where} {path}'.strip()}: {message}, so {', '.join(silent)} cannot evaluate it")
        return (*lines, *self._left_open)

    @property
    def _left_open(self) -> Iterator[str]:
        """Yield a sentence for each opening that controls would need, with their ids."""
        found: dict[tuple[str, Opening], tuple[dict[str, None], dict[str, None]]] = {}
        for entry in self.unseen:
            for opening in entry.openings:
                subjects, ids = found.setdefault((entry.stack, opening), ({}, {}))
                subjects[entry.subject] = ids[entry.control.id] = None
        for (stack, opening), (subjects, ids) in found.items():
            of = next(iter(subjects)) if len(subjects) == 1 else count(len(subjects), "resource")
            silent = ", ".join(sorted(ids))
            yield clean(f"{opening.within(stack)}, so {silent} cannot evaluate {of}; {opening.way_out}")

    @property
    def controls_examined(self) -> int:
        """How many controls evaluated at least one resource."""
        return sum(1 for count in self.outcome.examined.values() if count)

    @property
    def verdict(self) -> str:
        """That of the outcome; ``incomplete`` instead of a pass or of nothing, if input is missing or may hide EKS."""
        found = self.outcome.verdict
        return "incomplete" if (self.unread or self.hides_eks) and found in {"pass", "nothing examined"} else found

    @property
    def fails(self) -> bool:
        """Whether the outcome fails; with ``fail_on="incomplete"`` also where some input was not read or seen."""
        return self.outcome.fails or (self.outcome.whole and self.verdict == "incomplete")

    @property
    def summary(self) -> str:
        """One sentence: the verdict, and what was examined."""
        found = count(len(self.failing), "finding")
        if not self.outcome.resources:
            verdict = (
                f"nothing examined: examined 0 resources, which is not a pass{f', {found}' if self.failing else ''}"
            )
        else:
            passed = "incomplete" if self.verdict == "incomplete" else "passed"
            verdict = f"failed: {found}" if self.failing else f"{passed}: 0 findings"
        if self.unseen:
            verdict += f", {len(self.unseen)} not seen"
        unread = f"{count(self.unread, 'call')} denied or failed" if self.environments else ""
        parts = [verdict, unread or f"{count(self.unread, 'input')} not read"] if self.unread else [verdict]
        if self.warnings:
            parts.append(count(len(self.warnings), "warning"))
        if self.waived:
            parts.append(f"{len(self.waived)} waived")
        if self.outcome.resources:
            of = count(self.environments, "Region") if self.environments else count(self.stacks, "template")
            parts.append(
                f"examined {count(self.outcome.resources, 'resource')} of {of} "
                f"with {self.controls_examined} of {count(len(self.outcome.controls), 'control')}"
            )
        if self.outcome.outside:
            parts.append(f"{count(self.outcome.outside, 'resource')} not examined: no EKS")
        sentence = ", ".join(parts)
        if self.outcome.resources and not self.has_eks:
            sentence += "; no EKS resource among them"
        return sentence + self._hidden

    @property
    def _hidden(self) -> str:
        """What is not seen, for the end of the line that says "passed": the first, and how many more."""
        if not self.not_seen:
            return ""
        more = len(self.not_seen) - 1
        return f"; not seen: {clean(self.not_seen[0])}{f' (and {more} more)' if more else ''}"


def count(number: int, noun: str) -> str:
    """Return ``1 finding``, ``2 findings``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def relative(file: str) -> str:
    """Return `file` relative to the working directory, where it lies below it: code hosts know no other."""
    if "://" in file:  # a Region of an account
        return file
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def clean(text: object) -> str:
    """Return `text` without characters that could steer a terminal or break XML, and not endlessly long."""
    shown = str(text)
    if len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}... ({len(shown)} characters)"
    return _UNPRINTABLE.sub(_escape, shown)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in {9, 10, 13}:
        return " "
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def _entries(findings: Iterable[Finding], state: State) -> tuple[Entry, ...]:
    found = [_entry(finding, state) for finding in findings]
    return tuple(sorted(found, key=lambda e: (e.severity.rank, e.file, e.subject, e.control.id, e.property_path)))


def _entry(finding: Finding, state: State) -> Entry:
    subject, problem, waiver = finding.subject, finding.problem, finding.waiver
    path = str(problem.path)
    return Entry(
        state=state,
        control=finding.control,
        message=clean(problem.message),
        kind=subject.kind,
        subject=clean(subject.id),
        property_path=clean(subject.written(path)),
        place=clean(subject.place(path)),
        stack=clean(subject.stack),
        name=clean(subject.name),
        type=clean(subject.type),
        construct_path=clean(subject.construct_path),
        file=clean(subject.file),
        line=subject.line(path),
        waiver_reason=clean(waiver.reason) if waiver else "",
        waiver_until=waiver.until.isoformat() if waiver else "",
        waiver_approver=clean(waiver.approver) if waiver else "",
        waiver_origin=clean(waiver.origin) if waiver else "",
        severity=finding.severity,
        cause=clean(problem.cause),
        openings=problem.openings,
        arn=clean(subject.resource.arn) if subject.resource is not None else "",
    )
