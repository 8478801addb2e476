"""The templates that all checkers evaluate: those with which our controls are tested."""

import hashlib
import json
from typing import Any

from tests.controls.cases import apply, findings
from tests.controls.test_catalogue import CASES
from tools.agreement.pairs import BAD, EDGE, load


def templates() -> dict[str, Any]:
    """Return the shared templates: ``private_endpoint/good``, ``private_endpoint/left out`` and so on."""
    paired = {pair.control for pair in load()}
    found: dict[str, Any] = {}
    for case in CASES:
        name = case.control.name
        if name in paired and case.previous is None:
            chosen = [*list(case.bad.items())[:BAD], *list(case.edge.items())[:EDGE]]
            found[f"{name}/good"] = case.good
            found |= {f"{name}/{key}": apply(change, case.good) for key, change in chosen}
    return {name: body for name, body in found.items() if _well_formed(body)}


def _well_formed(body: Any) -> bool:
    """Return False for templates that are malformed on purpose, at which checkov stops."""
    return all(
        isinstance(entry.get(section, {}), dict)
        for entry in body["Resources"].values()
        for section in ("Properties", "Metadata")
    )


def digest(body: Any) -> str:
    """Return a short hash of a template, which identifies the evaluated content."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()[:12]


def our_verdicts(bodies: dict[str, Any]) -> dict[str, bool]:
    """Return a map from template to whether our control fails it."""
    controls = {case.control.name: case.control for case in CASES}
    return {name: bool(findings(controls[name.partition("/")[0]], body)) for name, body in bodies.items()}
