"""The evidence for an auditor, as file name -> content. It depends only on the arguments."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.reports import as_frameworks, as_html, as_json, matrix
from hardened_eks.reports.oscal import plan, render
from hardened_eks.reports.oscal._common import CATALOGS
from hardened_eks.reports.oscal.assessment import Assessment
from hardened_eks.reports.oscal.results import assessment_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hardened_eks.controls.frameworks import Framework
    from hardened_eks.controls.model import Control
    from hardened_eks.detections import Detection
    from hardened_eks.reports.model import Report
    from hardened_eks.reports.oscal.assessment import Item

SUMS: Final = "SHA256SUMS"
"""The list of files with their hashes, in the format of ``sha256sum --check``."""


def files(
    report: Report,
    *,
    catalogue: Sequence[Control],
    detections: Sequence[Detection],
    framework: Framework,
    items: Sequence[Item],
    system: str,
    now: datetime,
) -> dict[str, str]:
    """Return the files of the evidence: path below its folder -> content.

    Args:
        report: the report of the check.
        catalogue: all controls, of which the report may contain only some.
        detections: the detections.
        framework: the framework of the OSCAL documents, which a control of the report covers.
        items: the evaluated resources.
        system: the name of the system.
        now: the creation time of the evidence, with a time zone.
    """
    watched: dict[str, list[str]] = {}
    for detection in detections:
        for key in detection.requirements:
            watched.setdefault(key, []).append(detection.id)
    assessment = Assessment(report, framework, now, items, system, watched)
    table = matrix.lines(catalogue, detections)
    found = {
        "report.json": as_json.render(report),
        "report.html": as_html.render(report),
        "frameworks.html": as_frameworks.render(report),
        "matrix.csv": matrix.as_csv(table, report),
        "matrix.html": matrix.as_html(table, report),
        "oscal/component-definition.json": render(catalogue, version=report.version, now=now),
        f"oscal/{plan.PROFILE}": _json(plan.profile(assessment)),
        f"oscal/{plan.PLAN}": _json(plan.system_security_plan(assessment)),
        f"oscal/{plan.ASSESSMENT_PLAN}": _json(plan.assessment_plan(assessment)),
        "oscal/assessment-results.json": _json(assessment_results(assessment)),
    }
    if framework.id not in CATALOGS:
        found[f"oscal/{plan.CATALOG}"] = _json(plan.catalog(assessment))
    sums = [f"{hashlib.sha256(encoded(text)).hexdigest()}  {name}" for name, text in sorted(found.items())]
    return {**found, SUMS: "\n".join(sums) + "\n"}


def encoded(text: str) -> bytes:
    """Return the bytes of a file for which its hash is computed."""
    return text.encode("utf-8", "backslashreplace")


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
