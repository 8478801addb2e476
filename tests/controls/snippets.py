"""A bad and a good snippet of each control, for its page: `.venv/bin/python -m tests.controls.snippets` writes them again.

They are what a mutant of the control's case changes in its good template; so both are proved by test_catalogue.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.controls.cases import Body, Case, apply

FILE = Path(__file__).parents[2] / "docs/snippets.json"
SHORT, LONG = 12, 30
"""Lines of a snippet that a reader takes in at once, and that a page shows at most."""
UNSET = "__unset__"
LONGEST = 160
"""Characters of a string that a page shows."""


def snippets(case: Case) -> dict[str, str]:
    """Return the first short pair of a case, else its shortest: ``{"bad": ..., "good": ..., "which": ...}``."""
    pairs = [pair for name in case.bad if (pair := _pair(case, name))]
    if not pairs:
        return {}
    return next((pair for pair in pairs if _length(pair) <= 2 * SHORT), min(pairs, key=_length))


def _length(pair: dict[str, str]) -> int:
    return len((pair["bad"] + pair["good"]).splitlines())


def _pair(case: Case, name: str) -> dict[str, str]:
    wrong = apply(case.bad[name], case.good)
    if "HiddenByMutation" in json.dumps(wrong):
        return {}
    bad, good = _differences(wrong, case.good)
    if not bad and not good:
        rest = [{key: value for key, value in body.items() if key != "Resources"} for body in (wrong, case.good)]
        bad, good = _apart(*rest)
    return {"which": name, "bad": _rendered(bad), "good": _rendered(good)} if bad != good else {}


def _differences(wrong: Body, right: Body) -> tuple[Body, Body]:
    """Return what differs in the resources of two templates."""
    bad, good = {}, {}
    before, after = wrong.get("Resources", {}), right.get("Resources", {})
    for name in dict.fromkeys([*after, *before]):
        if before.get(name) == after.get(name):
            continue
        if name not in before or name not in after or before[name].get("Type") != after[name].get("Type"):
            bad |= {name: before[name]} if name in before else {}
            good |= {name: after[name]} if name in after else {}
            continue
        type_ = {"Type": after[name]["Type"]}
        one, other = _apart(before[name], after[name])
        bad[name], good[name] = {**type_, **one}, {**type_, **other}
    return bad, good


def _apart(one: Any, other: Any) -> tuple[Any, Any]:
    """Leave out of two mappings what is the same in both; a key that one lacks is marked."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return one, other
    left, right = {}, {}
    for key in dict.fromkeys([*other, *one]):
        if one.get(key, UNSET) != other.get(key, UNSET):
            left[key], right[key] = _apart(one.get(key, UNSET), other.get(key, UNSET))
    return left, right


def _rendered(resources: Body) -> str:
    if not resources:
        return "# no such resource\n"
    shown = _shortened({name: _manifest(resource) for name, resource in resources.items()})
    text = yaml.safe_dump(json.loads(json.dumps(shown)), sort_keys=False, width=110)
    lines = [
        f"{line[: len(line) - len(line.lstrip())]}# {line.strip().removesuffix(f': {UNSET}')} is not set"
        if line.endswith(f": {UNSET}")
        else line
        for line in text.splitlines()
    ]
    if len(lines) > LONG:
        lines = [*lines[:LONG], "# ..."]
    return "\n".join(lines) + "\n"


def _shortened(value: Any) -> Any:
    """Cut long strings, such as manifests in JSON."""
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return f"{value[:LONGEST]} ..." if isinstance(value, str) and len(value) > LONGEST else value


def _manifest(resource: Any) -> Any:
    """Return an object of Kubernetes as its manifest has it, and a resource as it is."""
    if not (isinstance(resource, dict) and str(resource.get("Type", "")).startswith("Kubernetes::")):
        return resource
    return {"kind": resource["Type"].rpartition("::")[2], **resource.get("Properties", {})}


def _write() -> None:
    import tests.conftest  # noqa: F401  (evaluates on the tests' day)
    from tests.controls.test_catalogue import CASES

    now = {case.control.name: snippets(case) for case in CASES}
    FILE.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
