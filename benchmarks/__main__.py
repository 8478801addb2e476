"""Measure everything interleaved, print ratios to the floor of the same run, fail on a broken budget."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import click

from benchmarks import report
from benchmarks.cases import BUDGETS, FLOOR, GROWTH, NODE_GROUPS, ROOT, SYNTH, Case, checkers, multiply
from benchmarks.measure import Usage, adopt_orphans, run

GROUPS = ("synth", "growth", "check")


@click.command()
@click.option("--rounds", default=7, show_default=True, help="How often each case runs.")
@click.option("--only", type=click.Choice(GROUPS), multiple=True, help="Measure these groups. Default: all.")
@click.option("--peers/--no-peers", default=True, help="Install the peers that are not in the development environment.")
def main(*, rounds: int, only: tuple[str, ...], peers: bool) -> None:
    """Run the benchmarks."""
    adopt_orphans()
    groups = only or GROUPS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if peers:
            report.install_peers()
        cases: list[Case] = [FLOOR]
        if "synth" in groups:
            cases += SYNTH[1:]
        if "growth" in groups:
            cases += [*GROWTH, *NODE_GROUPS]
        if "check" in groups:
            cases += checkers(*_templates(folder))
        results = measure(cases, rounds, folder)
    broken = report.write(cases, results, BUDGETS, _machine(rounds))
    sys.exit(1 if broken else 0)


def measure(cases: list[Case], rounds: int, folder: Path) -> dict[str, list[Usage]]:
    """Run A B C A B C ..., after one round that warms the caches and is thrown away."""
    results: dict[str, list[Usage]] = defaultdict(list)
    for number in range(rounds + 1):
        for case in cases:
            usage = run(list(case.command), cwd=folder, env=case.env, accept=case.accept)
            if number:
                results[case.name].append(usage)
        click.echo(f"round {number}/{rounds}" if number else "warm", err=True)
    return results


def _templates(folder: Path) -> tuple[Path, Path]:
    """The reference assembly, and a template of 2,000 resources made of it."""
    out = folder / "reference.out"
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/apps/ours.py")],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **SYNTH[1].env, "CDK_OUTDIR": str(out)},
    )
    template = json.loads(next(out.glob("*.template.json")).read_text())
    big = folder / "big.template.json"
    big.write_text(json.dumps(multiply(template, 2000), indent=1))
    return out, big


def _machine(rounds: int) -> dict[str, object]:
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return {
        "python": platform.python_version(),
        "node": node,
        "system": platform.platform(),
        "rounds": rounds,
        "statistic": statistics.median.__name__,
    }


if __name__ == "__main__":
    main()
