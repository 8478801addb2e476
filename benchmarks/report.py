"""From measurements to tables, a JSON file, a plot, and the verdict on the budgets."""

import json
import statistics
from collections.abc import Mapping, Sequence

import click

from benchmarks.budgets import BUDGETS
from benchmarks.cases._case import BENCHMARKS, ROOT
from benchmarks.measure import Measured

RESULTS = BENCHMARKS / "results" / "latest.json"
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
PICTURE = ROOT / "docs" / "images" / "growth.png"
Groups = Mapping[str, Measured]
TITLES = {
    "synth": "Synth",
    "growth": "Growth",
    "check": "Checkers",
    "user": "`cdk synth` as users run it",
    "fast": "What makes it faster",
}


def publish(groups: Groups, machine: Mapping[str, str], *, write: bool) -> list[str]:
    """Print and store everything; return the names of broken budgets."""
    judged = verdicts(groups)
    facts = ", ".join(f"{key} {value}" for key, value in machine.items())
    how = "Medians; CPU of all processes; the floor is CDK alone, measured in the same group."
    parts = [f"{facts}. {how} Budgets: medians of the ratios within a round."]
    parts += [f"## Budgets\n\n{_budgets(judged)}"]
    parts += [f"## {TITLES[name]}\n\n{_table(group)}" for name, group in groups.items()]
    if write:
        RESULTS.write_text(_json(groups, machine, judged))
        if "growth" in groups and "check" in groups:
            plot(groups["growth"], groups["check"])
            parts.append(f"![growth](../images/{PICTURE.name})")
        PAGE.write_text("\n\n".join(["# Results of `make bench`", *parts]) + "\n")
    click.echo("\n\n".join(parts))
    return [str(v["name"]) for v in judged if v["verdict"] == "BROKEN"]


def verdicts(groups: Groups) -> list[dict[str, object]]:
    """Judge the budgets of the groups that were measured.

    Ratios are taken within a round, since a machine is faster in some minutes than in others; the value is their
    median, the noise half of their middle spread. A budget is broken by more than its noise.
    """
    found: list[dict[str, object]] = []
    for budget in BUDGETS:
        group = groups.get(budget.group)
        try:
            values = [budget.value(one, group) for one in group.rounds] if group else []
        except KeyError:
            values = []  # a peer that is not installed
        if not values:
            continue
        low, value, high = statistics.quantiles(values * (2 if len(values) == 1 else 1), n=4)
        noise = (high - low) / 2 / value
        over = value / budget.limit - 1
        verdict = "met" if over <= 0 else "within the noise" if over <= noise else "BROKEN"
        found.append(
            {
                "name": budget.name,
                "limit": round(budget.limit, 4),
                "unit": budget.unit,
                "value": round(value, 4),
                "noise": round(noise, 4),
                "verdict": verdict,
            }
        )
    return found


def _table(group: Measured) -> str:
    lines = [
        "| case | resources | CPU s (min to max) | CPU x floor | wall s | memory MiB | memory x floor |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in group.cases:
        name, runs = case.name, group.runs[case.name]
        low, high = min(u.cpu for u in runs), max(u.cpu for u in runs)
        lines.append(
            f"| {case.title} | {group.resources.get(name, '')} | {group.cpu[name]:.2f} ({low:.2f} to {high:.2f}) "
            f"| {group.cpu[name] / group.cpu['floor']:.2f} | {group.wall[name]:.2f} "
            f"| {group.memory[name]:.0f} | {group.memory[name] / group.memory['floor']:.2f} |"
        )
    return "\n".join(lines)


def _budgets(judged: Sequence[Mapping[str, object]]) -> str:
    lines = ["| budget | limit | measured | noise | |", "|---|---|---|---|---|"]
    lines += [
        f"| {v['name']} | {v['limit']:.3g} {v['unit']} | {v['value']:.3g} | {v['noise']:.0%} | {v['verdict']} |"
        for v in judged
    ]
    return "\n".join(lines)


def _json(groups: Groups, machine: Mapping[str, str], judged: Sequence[Mapping[str, object]]) -> str:
    cases = {
        group: {
            name: {
                "resources": measured.resources.get(name),
                "runs": [
                    {"cpu": round(u.cpu, 4), "wall": round(u.wall, 4), "memory": round(u.memory, 1)} for u in runs
                ],
            }
            for name, runs in measured.runs.items()
        }
        for group, measured in groups.items()
    }
    return json.dumps({"machine": machine, "budgets": judged, "cases": cases}, indent=1) + "\n"


def plot(growth: Measured, check: Measured) -> None:
    """Draw the growth: clusters and node groups on the left, the checker's resources on the right."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    for axes, group, prefix, label in (
        (left, growth, "clusters-", "clusters in one app"),
        (left, growth, "node-groups-", "node groups in one cluster"),
        (right, check, "check-", "hardened-eks check"),
    ):
        points = [(int(n.removeprefix(prefix)), cpu) for n, cpu in group.cpu.items() if n.startswith(prefix)]
        if group is growth:
            points.append((1, group.cpu["ours"]))
        axes.plot(*zip(*sorted(points), strict=True), marker="o", label=label)
    left.axhline(growth.cpu["floor"], linestyle=":", color="grey", label="CDK alone")
    left.set_xlabel("how many")
    right.set_xlabel("resources in the template")
    for axes in (left, right):
        axes.set_ylabel("CPU seconds")
        axes.set_ylim(bottom=0)
        axes.legend()
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)
