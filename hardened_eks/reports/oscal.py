"""An OSCAL component definition: what the catalogue implements, for an auditor's own tools.

Model: https://pages.nist.gov/OSCAL-Reference/models/v1.1.2/component-definition/json-reference/.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.reports.coverage import Row, rows, title

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hardened_eks.controls.frameworks import Framework
    from hardened_eks.controls.model import Control

OSCAL_VERSION: Final = "1.1.2"
_NAMESPACE: Final = uuid.UUID("6f9cf1c8-6e4d-5d8f-9a3e-6a3d0c2f8f11")
_PROPERTIES: Final = "https://pypi.org/project/hardened-eks/oscal"
_SOURCES: Final = {
    "nist-800-53-r5": "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/"
    "NIST_SP-800-53_rev5_catalog.json",
    "nist-800-53-r4": "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev4/json/"
    "NIST_SP-800-53_rev4_catalog.json",
}
_NIST: Final = re.compile(r"([A-Za-z]{2})-(\d+)(?:[a-z][.\d]*)?(?:\s*\((\d+)\))?(?:\([a-z\d]+\)|[a-z][.\d]*)*")
"""A control, its enhancement, and the statement in it: ``AC-2i.2``, ``SC-7(24)(b)``. Statements have no id of their own
in the catalog's controls."""


def render(controls: Sequence[Control], *, version: str, now: datetime, framework: str = "") -> str:
    """Return the component definition of `controls` as JSON. Its ids depend on its contents only.

    Args:
        controls: the catalogue.
        version: of this library.
        now: when the document was written, with a time zone.
        framework: only this framework. Default: all.
    """
    by_framework: dict[str, list[Row]] = {}
    for row in rows(controls, framework):
        if row.controls:
            by_framework.setdefault(row.framework.id, []).append(row)
    definition = {
        "uuid": _id("definition", version, framework),
        "metadata": {
            "title": "hardened-eks: controls for Amazon EKS",
            "last-modified": now.isoformat(timespec="seconds"),
            "version": version,
            "oscal-version": OSCAL_VERSION,
        },
        "components": [
            {
                "uuid": _id("component"),
                "type": "software",
                "title": "hardened-eks",
                "description": (
                    "Constructs whose defaults enforce, and checks that insist: CloudFormation templates of Amazon EKS "
                    "clusters are judged before they are deployed."
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
        "uuid": _id("implementation", framework.id, framework.version),
        "source": _SOURCES.get(framework.id, f"{_PROPERTIES}/{framework.id}"),
        "description": f"What {title(framework)} asks for and a CloudFormation template can show.",
        "implemented-requirements": [_requirement(framework, id_, found) for id_, found in sorted(implemented.items())],
    }


def _requirement(framework: Framework, id_: str, matrix: list[Row]) -> dict[str, Any]:
    controls = list({control.id: control for row in matrix for control in row.controls}.values())
    return {
        "uuid": _id("requirement", framework.id, framework.version, id_),
        "control-id": id_,
        "description": " ".join(f"{control.title}." for control in controls),
        "props": [
            {"name": "check", "ns": _PROPERTIES, "value": control.id, "class": str(control.severity)}
            for control in controls
        ],
    }


def control_id(framework: Framework, reference: str) -> str:
    """Return a reference as an OSCAL token: ``ac-4.21`` for ``AC-4(21)(a)``, else with the framework before it."""
    match = _NIST.fullmatch(reference) if framework.id in _SOURCES else None
    if match:
        family, number, enhancement = match.groups()
        return f"{family.lower()}-{number}" + (f".{enhancement}" if enhancement else "")
    return re.sub(r"[^A-Za-z0-9._-]+", "_", f"{framework.id}_{reference}").strip("_")


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))
