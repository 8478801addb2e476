"""Shared parts of all OSCAL documents: IDs that depend only on names, metadata and control IDs."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex

if TYPE_CHECKING:
    from datetime import datetime

    from hardened_eks.controls.frameworks import Framework

OSCAL_VERSION: Final = "1.1.2"
_NAMESPACE: Final = uuid.UUID("6f9cf1c8-6e4d-5d8f-9a3e-6a3d0c2f8f11")
PROPERTIES: Final = "urn:hardened-eks:oscal"
"""The namespace of the properties of this project."""
CATALOGS: Final = {
    "nist-800-53-r5": "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/"
    "NIST_SP-800-53_rev5_catalog.json",
    "nist-800-53-r4": "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev4/json/"
    "NIST_SP-800-53_rev4_catalog.json",
}
"""Frameworks whose publisher provides an OSCAL catalog: ID -> URL."""
_NIST: Final = regex(r"([A-Za-z]{2})-(\d+)(?:[a-z][.\d]*)?(?:\s*\((\d+)\))?(?:\([a-z\d]+\)|[a-z][.\d]*)*")
"""A control, its enhancement, and the statement in it: ``AC-2i.2``, ``SC-7(24)(b)``. Statements have no ID of their own
in the controls of the catalog."""


def control_id(framework: Framework, reference: str) -> str:
    """Return a reference as an OSCAL token: ``ac-4.21`` for ``AC-4(21)(a)``, otherwise prefixed with the framework."""
    match = _NIST.fullmatch(reference) if framework.id in CATALOGS else None
    if match:
        family, number, enhancement = match.groups()
        return f"{family.lower()}-{number}" + (f".{enhancement}" if enhancement else "")
    return re.sub(r"[^A-Za-z0-9._-]+", "_", f"{framework.id}_{reference}").strip("_")


def make_id(*parts: str) -> str:
    """Return the UUID (version 5) that these names always have."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


def metadata(title: str, version: str, now: datetime) -> dict[str, str]:
    """Return the metadata of a document.

    Args:
        title: the title of the document.
        version: the version of the document.
        now: the creation time, with a time zone.
    """
    return {
        "title": title,
        "last-modified": now.isoformat(timespec="seconds"),
        "version": version,
        "oscal-version": OSCAL_VERSION,
    }


def document(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the document with an ID that depends on its content, because OSCAL requires a new ID after a change."""
    said = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return {kind: {"uuid": make_id(kind, hashlib.sha256(said.encode()).hexdigest()), **body}}


def prop(name: str, value: str) -> dict[str, str]:
    """Return a property in the namespace of this project."""
    return {"name": name, "ns": PROPERTIES, "value": value.strip() or "-"}
