"""Detections as text, JSON and Markdown, with parameter values inserted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hardened_eks.detections import ANCHORS, DETECTIONS, PARAMETERS, EventPattern, MetricFilter, Parameters
from hardened_eks.detections.expressions import fill_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hardened_eks.detections import Detection, Expression

_WIDTH = 110
_INTRODUCTION = """\
The events that this library reports, their sources, and the first steps for the person who is notified.
`hardened-eks detections` prints these with the values of one cluster.

A change is *trusted* if it comes through CloudFormation and the role of that session is in `trusted_automation`: it
is in the digest `eks-changed` and pages nobody. Changes through CloudFormation with any other role page somebody, as do
manual changes.

A normal deployment pages nobody with the *default* set. The *full* set adds detections that need tuning or more
services. A *digest* is a recorded summary that pages nobody.
"""


def as_json(parameters: Parameters, detections: Sequence[Detection] = DETECTIONS) -> str:
    """Return a list of ``{id, severity, source, default, expression, title}``, one entry per id and source."""
    entries = [
        {
            "id": detection.id,
            "severity": detection.severity.value,
            "source": expression.source.value,
            "default": _default(detection, expression),
            "expression": expression.filled(parameters),
            "title": detection.title,
        }
        for detection in detections
        for expression in detection.expressions
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def as_text(parameters: Parameters, detections: Sequence[Detection] = DETECTIONS, *, runbooks: bool = False) -> str:
    """Return the ID, severity, set, source, title and expression of each, and its runbook if requested."""
    lines: list[str] = []
    for detection in detections:
        for expression in detection.expressions:
            set_ = "default" if _default(detection, expression) else "full"
            lines.append(f"{detection.id}  {detection.severity}  {set_}  {expression.source}  {detection.title}")
            lines.append(f"    {_one_line(expression.filled(parameters))}")
        if runbooks:
            lines += ["", f"  Why: {detection.why}", "  First:"]
            lines += [f"  {n}. {fill_text(step, parameters)}" for n, step in enumerate(detection.first, 1)]
            lines += [f"  False positives: {detection.false_positives}", ""]
    lines.append(f"{len(detections)} detections, {sum(d.default for d in detections)} of them in the default set")
    return "\n".join(lines) + "\n"


def as_markdown(parameters: Parameters, detections: Sequence[Detection] = DETECTIONS, note: str = "") -> str:
    """Return a Markdown page: parameters, a table, and a section with the runbook of each detection."""
    lines = ["# Detections", "", *([note] if note else []), _INTRODUCTION, *_parameter_table(), "## All detections", ""]
    lines += ["| detection | title | severity | set | sources |", "|---|---|---|---|---|"]
    for found in detections:
        sources = ", ".join(e.source for e in found.expressions)
        lines.append(f"| [`{found.id}`](#{found.id}) | {found.title} | {found.severity} | {_set(found)} | {sources} |")
    for detection in detections:
        lines += ["", *_section(detection, parameters)]
    return "\n".join(lines) + "\n"


def _parameter_table() -> Iterator[str]:
    yield from (
        "## Parameters",
        "",
        "Write a JSON file with these names. A name that you omit stays a placeholder.",
        "",
    )
    yield from ("| parameter | kind | meaning |", "|---|---|---|")
    for parameter in PARAMETERS:
        kind = "list of strings" if parameter.many else "string"
        default = ", ".join(f"`{value}`" for value in parameter.default or ()) or "none"
        known = f" Default: {default}." if parameter.default is not None else ""
        yield f"| `{parameter.name}` | {kind} | {parameter.title}{known} |"
    yield ""


def _section(detection: Detection, parameters: Parameters) -> Iterator[str]:
    yield from (f'<a id="{detection.id}"></a>', f"## `{detection.id}`", "", f"{detection.title}.", "")
    yield f"- Severity: {detection.severity}, {_set(detection)}"
    yield f"- Why: {detection.why}"
    yield "- First steps:"
    for number, step in enumerate(detection.first, 1):
        yield f"  {number}. {plain(fill_text(step, parameters))}"
    yield f"- False positives: {detection.false_positives}"
    if detection.blind:
        yield f"- Limits: {detection.blind}"
    if detection.technique:
        page = detection.technique.replace(".", "/")
        yield f"- MITRE ATT&CK: [{detection.technique}](https://attack.mitre.org/techniques/{page}/)"
    if detection.anchors:
        yield f"- Also in: {'; '.join(ANCHORS[anchor] for anchor in detection.anchors)}"
    yield f"- Requirements: {', '.join(f'`{key}`' for key in detection.requirements)}"
    for expression in detection.expressions:
        filled = expression.filled(parameters)
        yield from ("", f"{_source(expression)}:", "", "```text" if isinstance(filled, str) else "```json")
        yield filled if isinstance(filled, str) else _pretty(filled)
        yield "```"


def _source(expression: Expression) -> str:
    if isinstance(expression, MetricFilter):
        anomaly = ", or an anomaly band" if expression.anomaly else ""
        most = f"{expression.threshold} in {expression.period} seconds{anomaly}" if expression.threshold > 1 else "each"
        return f"Metric filter on the {expression.source.replace('-', ' ')}, {most}"
    if isinstance(expression, EventPattern):
        state = ", in the state `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`" if expression.read_only_events else ""
        return f"EventBridge rule{state}"
    return "CloudWatch alarm"


def _set(detection: Detection) -> str:
    return ("default" if detection.default else "full") + (", digest" if detection.digest else "")


def _default(detection: Detection, expression: Expression) -> bool:
    return detection.default and expression.default


def _one_line(filled: Any) -> str:
    return filled if isinstance(filled, str) else json.dumps(filled, separators=(",", ":"))


def _pretty(value: Any, depth: int = 0) -> str:
    """Return JSON in which values that fit on a line are on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(line) + 2 * depth <= _WIDTH:
        return line
    inner = "  " * (depth + 1)
    if isinstance(value, list):
        parts, (start, end) = [_pretty(item, depth + 1) for item in value], "[]"
    else:
        parts, (start, end) = [f"{json.dumps(k)}: {_pretty(v, depth + 1)}" for k, v in value.items()], "{}"
    return f"{start}\n{inner}" + f",\n{inner}".join(parts) + f"\n{'  ' * depth}{end}"


def plain(text: str) -> str:
    """Escape ``<cluster>`` in prose, so that it is not read as HTML; code stays unchanged."""
    parts: Iterable[str] = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else part.replace("<", "\\<").replace("*", "\\*") for part in parts)
