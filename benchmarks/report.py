"""Turn measurements into a JSON file for each group, a page of all groups, a plot, and the result for each budget."""

import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import click

from benchmarks.budgets import BUDGETS
from benchmarks.cases._case import BENCHMARKS, ROOT
from benchmarks.measure import Measured

RESULTS = BENCHMARKS / "results"
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
PICTURE = ROOT / "docs" / "images" / "growth.png"
PLOTTED = ("growth", "check")
TITLES = {
    "synth": "Synthesis",
    "growth": "Growth",
    "everything": "Everything on",
    "check": "Checkers",
    "manifests": "The in-cluster baseline",
    "diagram": "Diagrams",
    "user": "`cdk synth` as users run it",
    "fast": "Ways to make it faster",
    "audit": "Audits of the same emulated account",
}
Result = Mapping[str, Any]
"""The stored result of a group: ``machine``, ``budgets`` and ``cases``."""


def publish(
    group: str, measured: Measured, machine: Mapping[str, str], *, write: bool, findings: str = ""
) -> list[str]:
    """Print and store the result of a group, with its findings; return the names of broken budgets."""
    rounds = len(next(iter(measured.runs.values())))
    result = {
        "machine": {**machine, "rounds": str(rounds)},
        "budgets": verdicts(group, measured),
        "cases": _cases(measured),
        **({"findings": findings} if findings else {}),
    }
    if write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{group}.json").write_text(json.dumps(result, indent=1) + "\n")
        PAGE.write_text(page(stored()))
        if group in PLOTTED:
            plot(stored())
    click.echo(_section(group, result))
    return [str(verdict["name"]) for verdict in result["budgets"] if verdict["verdict"] == "BROKEN"]


def stored() -> dict[str, Result]:
    """Return the last result of each group that has one."""
    files = {group: RESULTS / f"{group}.json" for group in TITLES}
    return {group: json.loads(file.read_text()) for group, file in files.items() if file.exists()}


def page(results: Mapping[str, Result]) -> str:
    """Return docs/reference/benchmarks.md."""
    parts = ["# Results of `make bench`"]
    parts.append(
        "Each group is measured separately (`make bench GROUP=synth`), and each section shows the date of its last "
        "run. Values are medians. CPU is the time of all processes. The floor is CDK alone, measured in the same "
        "group. Budgets are medians of the ratios within a round; [Synthesis time and its causes]"
        "(../explanation/speed.md) explains why."
    )
    parts += [_section(group, result) for group, result in results.items()]
    if set(PLOTTED) <= set(results):
        parts.append(f"![CPU seconds by number of clusters, node groups and resources](../images/{PICTURE.name})")
    return "\n\n".join(parts) + "\n"


def verdicts(group: str, measured: Measured) -> list[dict[str, object]]:
    """Evaluate the budgets of a group.

    Ratios are calculated within a round, because the speed of a machine changes from minute to minute. The value is
    their median, and the noise is half of their interquartile range. A budget is broken if the value exceeds it by more
    than the noise.
    """
    found: list[dict[str, object]] = []
    for budget in BUDGETS:
        if budget.group != group:
            continue
        try:
            values = [budget.value(one, measured) for one in measured.rounds]
        except KeyError:
            continue  # the peer is not installed
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


def _section(group: str, result: Result) -> str:
    facts = ", ".join(f"{key} {value}" for key, value in result["machine"].items())
    parts = [f"## {TITLES[group]}", f"`make bench GROUP={group}`: {facts}."]
    if result["budgets"]:
        parts.append(_budgets(result["budgets"]))
    parts.append(_table(result["cases"]))
    if found := result.get("findings"):
        parts += ["### Findings of each tool", found]
    return "\n\n".join(parts)


def _table(cases: Mapping[str, Any]) -> str:
    lines = [
        "| case | resources | CPU s (min to max) | CPU x floor | wall s | memory MiB | memory x floor |",
        "|---|---|---|---|---|---|---|",
    ]
    floor = {key: _median(cases["floor"], key) for key in ("cpu", "memory")}
    for case in cases.values():
        runs, cpu = [one["cpu"] for one in case["runs"]], _median(case, "cpu")
        lines.append(
            f"| {case['title']} | {case['resources'] or ''} | {cpu:.2f} ({min(runs):.2f} to {max(runs):.2f}) "
            f"| {cpu / floor['cpu']:.2f} | {_median(case, 'wall'):.2f} "
            f"| {_median(case, 'memory'):.0f} | {_median(case, 'memory') / floor['memory']:.2f} |"
        )
    return "\n".join(lines)


def _median(case: Mapping[str, Any], key: str) -> float:
    return statistics.median(one[key] for one in case["runs"])


def _budgets(judged: Sequence[Mapping[str, Any]]) -> str:
    lines = ["| budget | limit | measured | noise | |", "|---|---|---|---|---|"]
    lines += [
        f"| {v['name']} | {v['limit']:.3g} {v['unit']} | {v['value']:.3g} | {v['noise']:.0%} | {v['verdict']} |"
        for v in judged
    ]
    return "\n".join(lines)


def _cases(measured: Measured) -> dict[str, Any]:
    return {
        case.name: {
            "title": case.title,
            "resources": measured.resources.get(case.name),
            "runs": [
                {"cpu": round(u.cpu, 4), "wall": round(u.wall, 4), "memory": round(u.memory, 1)}
                for u in measured.runs[case.name]
            ],
        }
        for case in measured.cases
    }


def plot(results: Mapping[str, Result]) -> None:
    """Draw the growth: clusters and node groups on the left, the checker's resources on the right."""
    if not set(PLOTTED) <= set(results):
        return
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    growth, check = (
        {name: _median(case, "cpu") for name, case in results[group]["cases"].items()} for group in PLOTTED
    )
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    for axes, cpu, prefix, label in (
        (left, growth, "clusters-", "clusters in one app"),
        (left, growth, "node-groups-", "node groups in one cluster"),
        (right, check, "check-", "hardened-eks check"),
    ):
        points = [(int(n.removeprefix(prefix)), value) for n, value in cpu.items() if n.startswith(prefix)]
        if cpu is growth:
            points.append((1, growth["ours"]))
        axes.plot(*zip(*sorted(points), strict=True), marker="o", label=label)
    left.axhline(growth["floor"], linestyle=":", color="grey", label="CDK alone")
    left.set_xlabel("how many")
    right.set_xlabel("resources in the template")
    for axes in (left, right):
        axes.set_ylabel("CPU seconds")
        axes.set_ylim(bottom=0)
        axes.legend()
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)
