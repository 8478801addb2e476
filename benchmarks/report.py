"""From measurements to a table, a JSON file, a plot, and the verdict on the budgets."""

import json
import statistics
from collections.abc import Mapping, Sequence

import click

from benchmarks.budgets import BUDGETS, Medians
from benchmarks.cases import Case
from benchmarks.cases._case import BENCHMARKS
from benchmarks.measure import Usage

RESULTS = BENCHMARKS / "results"
Runs = Mapping[str, Sequence[Usage]]


def publish(
    cases: Sequence[Case], results: Runs, sizes: Mapping[str, int], machine: Mapping[str, str], *, write: bool
) -> list[str]:
    """Print and store everything; return the names of broken budgets."""
    medians = Medians(
        {name: statistics.median(u.cpu for u in runs) for name, runs in results.items()},
        {name: statistics.median(u.memory for u in runs) for name, runs in results.items()},
        sizes,
    )
    tolerance = noise(results)
    judged = verdicts(medians, tolerance)
    facts = ", ".join(f"{key} {value}" for key, value in machine.items())
    page = f"{facts}; noise {tolerance:.1%}\n\n{_table(cases, results, medians)}\n\n{_budgets(judged)}\n"
    click.echo(page)
    if write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.json").write_text(_json(results, sizes, machine, judged))
        if any(name.startswith("clusters-") for name in results):
            plot(medians)
            page += "\n![growth](growth.png)\n"
        (RESULTS / "latest.md").write_text(f"# Results of `make bench`\n\n{page}")
    return [str(v["name"]) for v in judged if v["verdict"] != "met"]


def noise(results: Runs) -> float:
    """Return how far a median of this run may be off: half the middle spread of its cases, relative, at the median."""
    spreads = []
    for runs in results.values():
        if len(runs) > 2:
            low, middle, high = statistics.quantiles((u.cpu for u in runs), n=4)
            spreads.append((high - low) / 2 / middle)
    return statistics.median(spreads) if spreads else 0.0


def verdicts(medians: Medians, tolerance: float) -> list[dict[str, object]]:
    """Judge the budgets whose cases were measured."""
    found: list[dict[str, object]] = []
    for budget in BUDGETS:
        try:
            value = budget.value(medians)
        except KeyError:
            continue  # its cases were not asked for
        verdict = "met" if value <= budget.limit * (1 + tolerance) else "BROKEN"
        found.append(
            {"name": budget.name, "limit": budget.limit, "unit": budget.unit, "value": value, "verdict": verdict}
        )
    return found


def _table(cases: Sequence[Case], results: Runs, medians: Medians) -> str:
    lines = [
        "| case | resources | CPU s (min to max) | CPU x floor | wall s | memory MiB | memory x floor |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in cases:
        runs, cpu, memory = results[case.name], medians.cpu, medians.memory
        low, high = min(u.cpu for u in runs), max(u.cpu for u in runs)
        lines.append(
            f"| {case.title} | {medians.resources.get(case.name, '')} | {cpu[case.name]:.2f} ({low:.2f} to {high:.2f}) "
            f"| {cpu[case.name] / cpu['floor']:.2f} | {statistics.median(u.wall for u in runs):.2f} "
            f"| {memory[case.name]:.0f} | {memory[case.name] / memory['floor']:.2f} |"
        )
    return "\n".join(lines)


def _budgets(judged: Sequence[Mapping[str, object]]) -> str:
    lines = ["| budget | limit | measured | |", "|---|---|---|---|"]
    lines += [f"| {v['name']} | {v['limit']:.3g} {v['unit']} | {v['value']:.3g} | {v['verdict']} |" for v in judged]
    return "\n".join(lines)


def _json(
    results: Runs, sizes: Mapping[str, int], machine: Mapping[str, str], judged: Sequence[Mapping[str, object]]
) -> str:
    cases = {
        name: {
            "resources": sizes.get(name),
            "runs": [{"cpu": round(u.cpu, 4), "wall": round(u.wall, 4), "memory": round(u.memory, 1)} for u in runs],
        }
        for name, runs in results.items()
    }
    return json.dumps({"machine": machine, "budgets": judged, "cases": cases}, indent=1) + "\n"


def plot(medians: Medians) -> None:
    """Draw the growth: clusters and node groups on the left, the checker's resources on the right."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    for prefix, label, axes in (
        ("clusters-", "clusters in one app", left),
        ("node-groups-", "node groups in one cluster", left),
        ("check-", "hardened-eks check", right),
    ):
        points = [(int(n.removeprefix(prefix)), cpu) for n, cpu in medians.cpu.items() if n.startswith(prefix)]
        if axes is left and "ours" in medians.cpu:
            points.append((1, medians.cpu["ours"]))
        if points:
            axes.plot(*zip(*sorted(points), strict=True), marker="o", label=label)
    left.axhline(medians.cpu["floor"], linestyle=":", color="grey", label="CDK alone")
    left.set_xlabel("how many")
    right.set_xlabel("resources in the template")
    for axes in (left, right):
        axes.set_ylabel("CPU seconds")
        axes.set_ylim(bottom=0)
        axes.legend()
    figure.tight_layout()
    figure.savefig(RESULTS / "growth.png", dpi=110)
