"""From measurements to a table, a JSON file, a plot, and the verdict on the budgets."""

import json
import statistics
import subprocess
import sys

import click

from benchmarks.cases import HERE, Budget, Case
from benchmarks.measure import Usage

RESULTS = HERE / "results"
NOISE = 0.03
"""A budget counts as broken when the median exceeds it by more than this share."""


def install_peers() -> None:
    """Install each peer of `peers/` by its pinned version, in an environment of its own."""
    for requirements in sorted((HERE / "peers").glob("*/requirements.txt")):
        environment = requirements.parent / ".venv"
        if not environment.exists():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            subprocess.run([str(environment / "bin/pip"), "install", "-q", "-r", str(requirements)], check=True)


def write(
    cases: list[Case], results: dict[str, list[Usage]], budgets: tuple[Budget, ...], machine: dict[str, object]
) -> list[str]:
    """Print and store everything; return the names of broken budgets."""
    cpu = {name: statistics.median(u.cpu for u in runs) for name, runs in results.items()}
    memory = {name: statistics.median(u.memory for u in runs) for name, runs in results.items()}
    table = _table(cases, results, cpu, memory)
    verdicts, broken = _verdicts(budgets, cpu, memory)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(
        json.dumps(
            {
                "machine": machine,
                "cases": {
                    n: [{"cpu": u.cpu, "wall": u.wall, "memory": u.memory} for u in r] for n, r in results.items()
                },
                "budgets": verdicts,
            },
            indent=1,
        )
        + "\n"
    )
    lines = ["| budget | limit | measured | |", "|---|---|---|---|"]
    lines += [
        f"| {v['name']} | {v['limit']:.3g} {v['unit']} | {v['value']:.3g} {v['unit']} | {v['verdict']} |"
        for v in verdicts
    ]
    facts = ", ".join(f"{key} {value}" for key, value in machine.items())
    page = f"{facts}\n\n{table}\n\n" + "\n".join(lines) + "\n"
    if any(name.startswith("clusters-") for name in results):
        _plot(results)
        page += "\n![growth](growth.png)\n"
    (RESULTS / "latest.md").write_text(page)
    click.echo(page)
    return broken


def _table(cases: list[Case], results: dict[str, list[Usage]], cpu: dict[str, float], memory: dict[str, float]) -> str:
    lines = ["| case | CPU s (min-max) | CPU x floor | wall s | memory x floor |", "|---|---|---|---|---|"]
    for case in cases:
        runs = results[case.name]
        low, high = min(u.cpu for u in runs), max(u.cpu for u in runs)
        wall = statistics.median(u.wall for u in runs)
        lines.append(
            f"| {case.title} | {cpu[case.name]:.2f} ({low:.2f}-{high:.2f}) | {cpu[case.name] / cpu['floor']:.2f} "
            f"| {wall:.2f} | {memory[case.name] / memory['floor']:.2f} |"
        )
    return "\n".join(lines)


def _verdicts(
    budgets: tuple[Budget, ...], cpu: dict[str, float], memory: dict[str, float]
) -> tuple[list[dict[str, object]], list[str]]:
    verdicts: list[dict[str, object]] = []
    broken = []
    for budget in budgets:
        try:
            value = budget.value(cpu, memory)
        except KeyError:
            continue  # its cases were not asked for
        good = value <= budget.limit * (1 + NOISE)
        if not good:
            broken.append(budget.name)
        verdicts.append(
            {
                "name": budget.name,
                "limit": budget.limit,
                "unit": budget.unit,
                "value": value,
                "verdict": "met" if good else "BROKEN",
            }
        )
    return verdicts, broken


def _plot(results: dict[str, list[Usage]]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4))
    for prefix, label in (("clusters-", "clusters in one app"), ("node-groups-", "node groups in one cluster")):
        points = sorted(
            (int(n.removeprefix(prefix)), statistics.median(u.cpu for u in r))
            for n, r in results.items()
            if n.startswith(prefix)
        )
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.axhline(statistics.median(u.cpu for u in results["floor"]), linestyle=":", color="grey", label="floor")
    axes.set_xlabel("how many")
    axes.set_ylabel("CPU seconds of one synth")
    axes.legend()
    figure.tight_layout()
    figure.savefig(RESULTS / "growth.png", dpi=110)
