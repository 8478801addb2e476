"""Performance budgets. The limits may be lowered; raising one requires an ADR."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.measure import Measured, Usage

PYTHON_PEERS = ("l1-by-hand", "l2-v1", "l2-v2", "l2-v2-kubectl")
Round = Mapping[str, Usage]
"""Usage of each case in one round, in which the cases ran within the same minutes."""


@dataclass(frozen=True)
class Budget:
    group: str
    name: str
    limit: float
    value: Callable[[Round, Measured], float]
    """Value in one round; raises KeyError if a peer is not installed."""
    unit: str = "x"


def _cpu(numerator: str, denominator: str) -> Callable[[Round, Measured], float]:
    return lambda r, _: r[numerator].cpu / r[denominator].cpu


def _wall(numerator: str, denominator: str) -> Callable[[Round, Measured], float]:
    return lambda r, _: r[numerator].wall / r[denominator].wall


def _of_many(many: str, number: int) -> Callable[[Round, Measured], float]:
    return lambda r, _: (r[many].cpu - r["saved-0"].cpu) / number / (r["saved-1"].cpu - r["saved-0"].cpu)


def _seconds(case: str, less: str = "") -> Callable[[Round, Measured], float]:
    return lambda r, _: r[case].cpu - (r[less].cpu if less else 0)


def _beyond_start_up(resources: int) -> Callable[[Round, Measured], float]:
    """Seconds for this many resources, beyond start-up. The base is 100 resources, which import the same controls."""
    return lambda r, _: (r[f"check-{resources}"].cpu - r["check-100"].cpu) * resources / (resources - 100)


def _each(few: str, many: str, clusters: int) -> Callable[[Round, Measured], float]:
    return lambda r, _: (r[many].cpu - r[few].cpu) / clusters / r["floor"].cpu


def _per_resource(r: Round, m: Measured) -> float:
    cost = {name: r[name].cpu / m.resources[name] for name in ("ours", *PYTHON_PEERS)}
    return cost["ours"] / min(cost[name] for name in PYTHON_PEERS)


def _linear(r: Round, m: Measured) -> float:
    """Return the time per resource of the second and third copy, divided by that of the first copy beyond start-up."""
    one, three = m.resources["everything"], m.resources["everything-3"]
    further = (r["everything-3"].cpu - r["everything"].cpu) / (three - one)
    return further / ((r["everything"].cpu - r["floor"].cpu) / one)


BUDGETS = (
    Budget("synth", "reference cluster / one L1 of each of its modules", 1.1, _cpu("ours-unchecked", "imports")),
    Budget("synth", "with Checks() / one L1 of each of its modules", 1.15, _cpu("ours", "imports")),
    Budget("synth", "with Checks() / without", 1.05, _cpu("ours", "ours-unchecked")),
    Budget("synth", "reference cluster / v1 L2", 1.0, _cpu("ours", "l2-v1")),
    Budget("synth", "reference cluster / v2 L2 with kubectl", 1.0, _cpu("ours", "l2-v2-kubectl")),
    Budget("synth", "reference cluster / best Python peer, per resource", 1.0, _per_resource),
    Budget(
        "synth", "peak memory of the reference cluster / floor", 1.45, lambda r, _: r["ours"].memory / r["floor"].memory
    ),
    Budget("growth", "each of 16 clusters / floor", 0.2, _each("ours", "clusters-16", 15)),
    Budget("growth", "each of 64 clusters / floor", 0.2, _each("clusters-16", "clusters-64", 48)),
    Budget("growth", "16 clusters / their resources as bare L1s", 1.1, _cpu("clusters-16", "bare-ours-16")),
    Budget("everything", "everything on / its resources as bare L1s", 1.25, _cpu("everything", "bare-everything")),
    Budget("everything", "everything on / reference cluster", 2.0, _cpu("everything", "ours")),
    Budget("everything", "each further resource / each of the first copy", 1.1, _linear),
    Budget("check", "all controls over 2,000 resources, beyond start-up", 0.5, _beyond_start_up(2000), "s"),
    Budget("check", "1,000 resources, beyond start-up", 1.0, _beyond_start_up(1000), "s"),
    Budget("check", "hardened-eks check cdk.out", 0.35, _seconds("check"), "s"),
    Budget("check", "hardened-eks check / cfn-lint", 1 / 5, _cpu("check", "cfn-lint")),
    Budget("check", "hardened-eks check / checkov", 1 / 10, _cpu("check", "checkov")),
    Budget("check", "import hardened_eks", 0.06, _seconds("import", "python"), "s"),
    Budget("check", "hardened-eks --help", 0.15, _seconds("help"), "s"),
    Budget("audit", "hardened-eks audit / prowler, wall time", 1 / 10, _wall("audit", "prowler")),
    Budget(
        "audit", "each of 200 clusters in 10 accounts / one alone, beyond start-up", 1.5, _of_many("saved-200", 200)
    ),
    Budget("audit", "peak memory of 200 clusters in 10 accounts", 300, lambda r, _: r["saved-200"].memory, "MiB"),
    Budget("manifests", "hardened-eks manifests --help", 0.15, _seconds("manifests-help"), "s"),
    Budget(
        "manifests", "200 namespaces rendered, beyond start-up", 1.0, _seconds("manifests-200", "manifests-help"), "s"
    ),
    Budget("manifests", "1,000 Deployments evaluated, beyond start-up", 4.0, _seconds("judged-1000", "judged-1"), "s"),
    Budget("diagram", "hardened-eks diagram, the reference cluster", 0.35, _seconds("diagram"), "s"),
    Budget("diagram", "15 further clusters drawn", 0.5, _seconds("diagram-many", "diagram"), "s"),
    Budget("user", "cdk synth as users run it, with ours / without", 1.1, _cpu("user", "user-unchecked")),
)
