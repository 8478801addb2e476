"""JUnit XML: one test case for each control and template, for the test reports of CI systems."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from hardened_eks.judging.waivers import WAIVER_CONTROLS
from hardened_eks.reports.model import State, clean
from hardened_eks.reports.results import Result, Results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry, Report


def render(report: Report) -> str:
    """Return the report as JUnit XML. A control that examined nothing, or did not see all, is skipped, not passed."""
    results = Results(report)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in (*report.entries, *report.unseen):
        entries[entry.control.id].append(entry)
    controls = (*report.outcome.controls, *(c for c in WAIVER_CONTROLS if c.id in entries))
    cases = [list(_case(control, entries[control.id], results.of(control))) for control in controls]
    lacks = bool(report.unread) or (report.fails and not report.failing)
    cases += [list(_not_read(report))] if lacks else []
    failures = sum(any(line.startswith("    <failure") for line in case) for case in cases)
    skipped = sum(any(line.startswith("    <skipped") for line in case) for case in cases)
    errors = int(lacks)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="hardened-eks" {counts}>',
        f'<testsuite name="hardened-eks" {counts} time="0" timestamp="{report.day.isoformat()}T00:00:00">',
        "  <properties>",
        f'    <property name="summary" value={quoteattr(clean(report.summary))}/>',
        *(f'    <property name="caution" value={quoteattr(clean(c))}/>' for c in report.outcome.cautions),
        "  </properties>",
        *(line for case in cases for line in case),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(control: Control, entries: list[Entry], result: Result) -> Iterator[str]:
    name = quoteattr(f"{control.id} {control.title}")
    yield f'  <testcase classname="hardened-eks.{control.area}" name={name} time="0">'
    failing = [entry for entry in entries if entry.state is State.FAIL]
    if failing:
        message = quoteattr(f"{len(failing)} x {control.title}")
        yield f'    <failure type="{control.severity}" message={message}>'
        for entry in failing:
            where = ", ".join(filter(None, (entry.location, entry.property_path or entry.what)))
            yield escape(f"{entry.subject}: {entry.message} ({where})")
        yield escape(f"fix: {control.fix}")
        yield "    </failure>"
    elif result is Result.NOT_EXAMINED:
        yield '    <skipped message="examined 0 resources"/>'
    elif result is Result.NOT_SEEN:
        yield '    <skipped message="the deciding values are not in the input"/>'
    other = [entry for entry in entries if entry.state is not State.FAIL]
    if other:
        yield "    <system-out>"
        for entry in other:
            until = f", until {entry.waiver_until}: {entry.waiver_reason}" if entry.waiver_until else ""
            yield escape(f"{entry.state}: {entry.subject}: {entry.message}{until}")
        yield "    </system-out>"
    yield "  </testcase>"


def _not_read(report: Report) -> Iterator[str]:
    yield '  <testcase classname="hardened-eks.input" name="All input is read and seen" time="0">'
    yield f"    <error message={quoteattr(clean(report.summary))}>"
    yield from (escape(clean(note)) for note in report.not_seen)
    yield "    </error>"
    yield "  </testcase>"
