"""Measure everything interleaved, print ratios to the floor of the same run, fail on a broken budget."""

import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import peers, report
from benchmarks.cases import FLOOR, Case, check, fast, growth, synth, user
from benchmarks.measure import Measured, Usage, adopt_orphans, resources, run
from tests.emulator.service import serving

GROUPS: dict[str, Callable[[Path, str], tuple[Case, ...]]] = {
    "synth": lambda _folder, _emulator: synth(),
    "growth": lambda _folder, _emulator: growth(),
    "check": lambda folder, _emulator: check(folder),
    "user": lambda folder, _emulator: user(folder),
    "fast": fast,
}


@click.command()
@click.option("--rounds", default=7, show_default=True, help="How often each case runs.")
@click.option("--only", type=click.Choice(list(GROUPS)), multiple=True, help="Measure these groups. Default: all.")
@click.option("--without-peers", is_flag=True, help="Do not install the peers; those that are there are measured.")
@click.option("--write/--no-write", default=True, help="Write the results. Default: yes.")
def main(*, rounds: int, only: tuple[str, ...], without_peers: bool, write: bool) -> None:
    """Run the benchmarks."""
    adopt_orphans()
    if not without_peers:
        peers.install()
    with tempfile.TemporaryDirectory() as name, serving() as emulator:
        folder = Path(name)
        measured = {
            group: measure(group, (FLOOR, *GROUPS[group](folder, emulator)), rounds, folder)
            for group in only or tuple(GROUPS)
        }
    broken = report.publish(measured, _machine(rounds), write=write)
    sys.exit(1 if broken else 0)


def measure(group: str, cases: tuple[Case, ...], rounds: int, folder: Path) -> Measured:
    """Run A B C A B C ..., after one round that warms the caches, counts resources and is thrown away.

    Each group has the floor among its cases: machines are faster in some minutes than in others.
    """
    results: dict[str, list[Usage]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for number in range(rounds + 1):
        for case in cases:
            outdir = folder / "synth" / case.name
            env = {**case.env, "CDK_OUTDIR": str(outdir)}
            if case.fresh:
                env[case.fresh] = tempfile.mkdtemp(dir=folder)
            usage = run(list(case.command), cwd=folder, env=env, accept=case.accept)
            if number:
                results[case.name].append(usage)
            elif outdir.exists():
                sizes[case.name] = resources(outdir)
        click.echo(f"{group}: {f'round {number}/{rounds}' if number else 'warm'}", err=True)
    return Measured(cases, results, sizes)


def _machine(rounds: int) -> dict[str, str]:
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": str(rounds),
        "Python": platform.python_version(),
        "Node": node,
        "aws-cdk-lib": version("aws-cdk-lib"),
        "jsii": version("jsii"),
        "cores": str(len(os.sched_getaffinity(0))),
    }


if __name__ == "__main__":
    main()
