"""How each command line of the guides was run, frozen: its class and, unless it ran, the reason."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("outcomes.json")
CLASSES = {
    "run": "ran as written: the shell's own, hardened-eks, Python, the CDK, and the AWS CLI against the emulator",
    "model": "the emulator refuses it; the AWS CLI has read it, and its words are held against AWS's models",
    "stand-in": "the program cannot run here; a stand-in checks its arguments and the files that they name",
    "elsewhere": "another target of the Makefile runs it",
}
_ORDER = ["failed", "stand-in", "model", "elsewhere", "run"]

Outcomes = dict[str, dict[str, list[str]]]


@cache
def read() -> Outcomes:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}  # type: ignore[no-any-return]


def write(found: Outcomes) -> None:
    KEPT.write_text(json.dumps(read() | found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def worst(calls: list[dict[str, Any]], status: int) -> list[str]:
    """Return the class of a line by the programs that it called; several reasons are joined."""
    kinds = {one["kind"] for one in calls}
    kind = next((one for one in _ORDER if one in kinds), "run")
    reasons = list(dict.fromkeys(one["reason"] for one in calls if one["kind"] == kind and one["reason"]))
    if kind != "failed" and status and not any(one["status"] == status for one in calls):
        return ["failed", f"the shell says {status}"]
    return [kind, "; ".join(reasons)]
