"""Count the findings of `hardened-eks check` for each input: findings, entries for people, and their medians.

python -m tools.noise PATH...                      # files and cdk.out directories; each is checked separately
python -m tools.noise --scope all PATH...
python -m tools.noise --library ../before PATH...  # the library in another checkout, to compare
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SEVERITIES = ("critical", "high", "medium", "low")


def inputs(paths: Iterable[Path]) -> list[Path]:
    """Return the inputs to check: each file, each directory, and each file in a directory other than cdk.out."""
    found: list[Path] = []
    for path in paths:
        apps = sorted(one.parent for one in path.glob("*/manifest.json")) if path.is_dir() else []
        found += apps or [path]
    return found


def report(path: Path, *, library: Path, options: Sequence[str]) -> dict[str, Any] | None:
    """Return the JSON report for an input, or None if the input cannot be used."""
    command = [sys.executable, "-m", "hardened_eks.cli", "check", str(path), "--format", "json", *options]
    if path.is_dir() and not (path / "manifest.json").exists():  # templates that belong together
        command[4:5] = [str(one) for one in sorted(path.iterdir())]
    environment = {**os.environ, "PYTHONPATH": str(library)}
    made = subprocess.run(command, cwd=library, env=environment, capture_output=True, text=True, check=False)
    return dict(json.loads(made.stdout)) if made.stdout.startswith("{") else None


def entries(made: dict[str, Any]) -> int:
    """Return the number of entries in reports for people (`hardened_eks.reports.causes`); 0 without causes."""
    return len({(one["state"], one["file"], one["stack"], *_shared(one, n)) for n, one in enumerate(made["findings"])})


def _shared(finding: dict[str, Any], number: int) -> tuple[object, ...]:
    if finding.get("cause"):
        return (finding["cause"],)
    if "cause" in finding and finding["severity"] == "low" and finding["kind"] == "resource":
        return (finding["control"], finding["message"])
    return (number,)


def table(found: dict[str, dict[str, Any] | None]) -> str:
    """Return a line for each input, the medians, and the controls with the most findings."""
    lines = [f"{'input':46} {'verdict':17} {'findings':>8} {'entries':>8}  {' '.join(_SEVERITIES)}"]
    read = {name: made for name, made in found.items() if made}
    for name, made in found.items():
        if made is None:
            lines.append(f"{name:46} cannot be used")
            continue
        severities = Counter(one["severity"] for one in made["findings"])
        counts = " ".join(str(severities[one]) for one in _SEVERITIES)
        lines.append(f"{name:46} {made['verdict']:17} {len(made['findings']):8} {entries(made):8}  {counts}")
    findings = [len(made["findings"]) for made in read.values()]
    if findings:
        people = statistics.median(entries(made) for made in read.values())
        lines.append(f"median of {len(read)}: {statistics.median(findings)} findings, {people} entries")
    most = Counter(one["control"] for made in read.values() for one in made["findings"]).most_common(12)
    return "\n".join([*lines, f"{sum(findings)} findings: {', '.join(f'{key} {n}' for key, n in most)}"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--library", type=Path, default=Path(__file__).parents[1])
    parser.add_argument("--scope", choices=("eks", "all"))
    given = parser.parse_args(arguments)
    options = ("--scope", given.scope) if given.scope else ()
    print(
        table(
            {
                path.name: report(path.resolve(), library=given.library.resolve(), options=options)
                for path in inputs(given.paths)
            }
        )
    )


if __name__ == "__main__":
    main()
