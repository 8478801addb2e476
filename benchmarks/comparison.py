"""Compare the findings of `hardened-eks audit` and prowler in the same account, check by check."""

import json
import os
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.cases import Case
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements

Found = Mapping[str, Mapping[str, int]]
"""Map from prowler check to status to number of results."""


def compare(cases: Iterable[Case], folder: Path) -> str:
    """Run each case once more and return the table; an empty string without prowler."""
    by_name = {case.name: case for case in cases}
    if "prowler" not in by_name:
        return ""
    ours = json.loads(_output(by_name["audit"], folder))
    file = folder / "prowler/found.ocsf.json"
    file.unlink(missing_ok=True)  # it appends
    _output(by_name["prowler"], folder)
    findings = Counter(str(one["control"]) for one in ours["findings"] if one["state"] == "fail")
    return table(of_prowler(json.loads(file.read_text())), findings)


def of_prowler(events: Sequence[Mapping[str, Any]]) -> Found:
    """Return the results of prowler's events by check."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for event in events:
        found[event["metadata"]["event_code"]][event["status_code"]] += 1
    return found


def table(theirs: Found, ours: Mapping[str, int]) -> str:
    """Return the table: prowler's results, the controls for the same requirement, and their findings.

    Args:
        theirs: prowler's results.
        ours: map from control to number of findings.
    """
    controls = _controls()
    lines = ["| prowler's check | prowler | ours | findings |", "|---|---|---|---|"]
    for check in sorted(theirs):
        said = ", ".join(f"{count} {status.lower()}" for status, count in sorted(theirs[check].items()))
        mine = controls.get(check, [])
        told = ", ".join(f"{one}: {ours[one]}" for one in mine if ours.get(one)) or ("none" if mine else "")
        lines.append(f"| {check} | {said} | {', '.join(mine) or 'no control'} | {told} |")
    covered = {one for check in theirs for one in controls.get(check, ())}
    beyond = ", ".join(f"{one} ({ours[one]})" for one in sorted(ours) if one not in covered)
    failed = [results["FAIL"] for results in theirs.values() if results.get("FAIL")]
    sums = (
        f"prowler fails {sum(failed)} times in {len(failed)} checks; ours finds {sum(ours.values())} in {len(ours)} "
        "controls."
    )
    return "\n".join([sums, "", *lines, "", f"Controls with findings that match no prowler check: {beyond}."])


def _controls() -> dict[str, list[str]]:
    """Return a map from prowler check to the controls for the same requirement."""
    found: dict[str, list[str]] = defaultdict(list)
    known = requirements()
    for control in CATALOGUE:
        for key in control.requirements:
            entry = known.get(key)
            for check in entry.references.get("prowler", ()) if entry else ():
                found[check].append(control.id)
    return found


def _output(case: Case, folder: Path) -> str:
    done = subprocess.run(
        case.command, cwd=folder, env={**os.environ, **case.env}, check=False, capture_output=True, text=True
    )
    if done.returncode not in case.accept:
        raise RuntimeError(f"{case.name} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout
