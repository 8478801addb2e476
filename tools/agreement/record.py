"""The record of the other checkers' results: versions, digests of templates, verdicts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.agreement.pairs import PEERS, Verdicts, load

FILE = Path(__file__).with_name("agreement.json")


@dataclass(frozen=True)
class Record:
    """Evaluated templates, versions of the checkers, and their verdicts."""

    versions: dict[str, str]
    templates: dict[str, str]
    """Map from template to its digest."""
    verdicts: dict[str, Verdicts]
    """Map from checker to its verdicts."""


def read() -> Record:
    """Read the record."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    verdicts = {
        peer: {
            rule: {name: mark == "fail" for mark, names in marks.items() for name in names}
            for rule, marks in rules.items()
        }
        for peer, rules in found["verdicts"].items()
    }
    return Record(found["versions"], found["templates"], verdicts)


def write(record: Record) -> None:
    """Write the record with the verdicts that a pair needs, one template or rule per line."""
    wanted: dict[str, dict[str, set[str]]] = {peer: {} for peer in PEERS}
    for pair in load():
        for rule in pair.rules:
            wanted[pair.peer].setdefault(rule, set()).add(pair.control)
    verdicts = {
        peer: {
            rule: _marks({n: v for n, v in record.verdicts[peer][rule].items() if n.partition("/")[0] in controls})
            for rule, controls in sorted(rules.items())
        }
        for peer, rules in wanted.items()
    }
    text = _lines({"versions": record.versions, "templates": record.templates, "verdicts": verdicts}, depth=0)
    FILE.write_text(text + "\n", encoding="utf-8")


def _marks(verdicts: Mapping[str, bool]) -> dict[str, list[str]]:
    return {
        "fail": sorted(name for name, fails in verdicts.items() if fails),
        "pass": sorted(name for name, fails in verdicts.items() if not fails),
    }


def _lines(value: Any, *, depth: int) -> str:
    """Return JSON with one line for each entry of the nested objects at the first levels."""
    if not isinstance(value, dict) or "fail" in value:
        return json.dumps(value)
    pad = " " * (depth + 1)
    rows = ",\n".join(f"{pad}{json.dumps(key)}: {_lines(entry, depth=depth + 1)}" for key, entry in value.items())
    return f"{{\n{rows}\n{' ' * depth}}}"
