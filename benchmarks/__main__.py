"""Measure groups of cases in interleaved rounds, print ratios to the floor of the same run, fail on a broken budget."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import comparison, peers, report
from benchmarks.cases import FLOOR, Case, audit, check, diagram, everything, fast, growth, manifests, synth, user
from benchmarks.measure import Measured, Usage, adopt_orphans, resources, run
from tests.emulator.service import serving

GROUPS: dict[str, Callable[[Path, str], tuple[Case, ...]]] = {
    "synth": lambda _folder, _emulator: synth(),
    "growth": lambda _folder, _emulator: growth(),
    "everything": lambda _folder, _emulator: everything(),
    "check": lambda folder, _emulator: check(folder),
    "manifests": lambda folder, _emulator: manifests(folder),
    "diagram": lambda folder, _emulator: diagram(folder),
    "user": lambda folder, _emulator: user(folder),
    "fast": fast,
    "audit": audit,
}
"""Groups that each fit into ten minutes on two cores. A new group also needs a title in report.py, and budgets."""
PEERS = {"synth": ("blueprints",), "check": ("cfnguard", "checkov"), "fast": ("node24",), "audit": ("prowler",)}
"""Requirements of a group in addition to our own environment."""
ON_THE_EMULATOR = {"fast", "audit"}
ASKED_FOR = {"audit"}
"""Groups that run only if they are selected, because their peers are large (2.3 GB)."""
QUICK = ("synth", "check", "manifests", "diagram")
FEWEST = 3
"""Rounds that are measured even if the time is over."""


@click.command()
@click.option("--rounds", default=7, show_default=True, help="How often each case runs.")
@click.option("--minutes", default=8.0, show_default=True, help="Start no further round of a group after this time.")
@click.option(
    "--only",
    type=click.Choice(list(GROUPS)),
    multiple=True,
    help=f"Measure these groups. Default: all but {', '.join(sorted(ASKED_FOR))}.",
)
@click.option("--without-peers", is_flag=True, help="Do not install peers; measure only those that are installed.")
@click.option("--quick", is_flag=True, help=f"Run {FEWEST} rounds of {', '.join(QUICK)}, no peers, and write nothing.")
@click.option("--write/--no-write", default=True, help="Write the results. Default: yes.")
def main(*, rounds: int, minutes: float, only: tuple[str, ...], without_peers: bool, quick: bool, write: bool) -> None:
    """Run the benchmarks."""
    adopt_orphans()
    groups = only or (QUICK if quick else tuple(group for group in GROUPS if group not in ASKED_FOR))
    if quick:
        rounds, without_peers, write = FEWEST, True, False
    if not without_peers:
        peers.install(*(peer for group in groups for peer in PEERS.get(group, ())))
    emulated = serving() if ON_THE_EMULATOR & set(groups) else nullcontext("")
    broken = []
    with tempfile.TemporaryDirectory() as name, emulated as emulator:
        folder = Path(name)
        for group in groups:
            measured = measure(group, (FLOOR, *GROUPS[group](folder, emulator)), rounds, folder, minutes * 60)
            found = comparison.compare(measured.cases, folder) if group == "audit" else ""
            broken += report.publish(group, measured, _machine(), write=write, findings=found)
    sys.exit(1 if broken else 0)


def measure(group: str, cases: tuple[Case, ...], rounds: int, folder: Path, seconds: float) -> Measured:
    """Run the cases in turn (A B C A B C ...), after one warm-up round that fills caches and counts resources.

    Each group includes the floor, because the speed of a machine changes from minute to minute.
    """
    results: dict[str, list[Usage]] = defaultdict(list)
    sizes: dict[str, int] = {}
    begun = time.monotonic()
    for number in range(rounds + 1):
        if number > FEWEST and not _another(time.monotonic() - begun, number, seconds):
            click.echo(f"{group}: {number - 1} rounds, no time for more", err=True)
            break
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


def _another(gone: float, rounds: int, seconds: float) -> bool:
    """Return whether another round fits, if it takes as long as the `rounds` before it."""
    return gone + gone / rounds <= seconds


def _machine() -> dict[str, str]:
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "Python": platform.python_version(),
        "Node": node,
        "aws-cdk-lib": version("aws-cdk-lib"),
        "jsii": version("jsii"),
        "cores": str(len(os.sched_getaffinity(0))),
    }


if __name__ == "__main__":
    main()
