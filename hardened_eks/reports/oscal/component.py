"""An OSCAL component definition of the catalog, for the tools of auditors.

Model: https://pages.nist.gov/OSCAL-Reference/models/v1.1.2/component-definition/json-reference/.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hardened_eks.reports.coverage import Row, rows, title
from hardened_eks.reports.oscal._common import CATALOGS, PROPERTIES, control_id, make_id, metadata

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hardened_eks.controls.frameworks import Framework
    from hardened_eks.controls.model import Control


def render(controls: Sequence[Control], *, version: str, now: datetime, framework: str = "") -> str:
    """Return the component definition of `controls` as JSON. Its IDs depend only on its content.

    Args:
        controls: the catalog.
        version: the version of this library.
        now: the creation time of the document, with a time zone.
        framework: only this framework. Default: all.
    """
    by_framework: dict[str, list[Row]] = {}
    for row in rows(controls, framework):
        if row.controls:
            by_framework.setdefault(row.framework.id, []).append(row)
    definition = {
        "uuid": make_id("definition", version, framework),
        "metadata": metadata("hardened-eks: controls for Amazon EKS", version, now),
        "components": [
            {
                "uuid": make_id("component"),
                "type": "software",
                "title": "hardened-eks",
                "description": (
                    "Constructs with secure defaults, and controls that evaluate CloudFormation templates of Amazon "
                    "EKS clusters before deployment."
                ),
                "props": [{"name": "version", "value": version}],
                "control-implementations": [_implementation(found) for found in by_framework.values()],
            }
        ],
    }
    return json.dumps({"component-definition": definition}, indent=2, ensure_ascii=False) + "\n"


def _implementation(matrix: list[Row]) -> dict[str, Any]:
    framework = matrix[0].framework
    implemented: dict[str, list[Row]] = {}
    for row in matrix:
        for reference in row.references:
            implemented.setdefault(control_id(framework, reference), []).append(row)
    return {
        "uuid": make_id("implementation", framework.id, framework.version),
        "source": CATALOGS.get(framework.id, f"{PROPERTIES}/{framework.id}"),
        "description": f"The requirements of {title(framework)} that a CloudFormation template can show.",
        "implemented-requirements": [_requirement(framework, id_, found) for id_, found in sorted(implemented.items())],
    }


def _requirement(framework: Framework, id_: str, matrix: list[Row]) -> dict[str, Any]:
    controls = list({control.id: control for row in matrix for control in row.controls}.values())
    return {
        "uuid": make_id("requirement", framework.id, framework.version, id_),
        "control-id": id_,
        "description": " ".join(f"{control.title}." for control in controls),
        "props": [
            {"name": "check", "ns": PROPERTIES, "value": control.id, "class": str(control.severity)}
            for control in controls
        ],
    }
