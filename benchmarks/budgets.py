"""What must not be exceeded. Issue by issue the numbers may fall; they rise only with an ADR."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Numbers = Mapping[str, float]
PYTHON_PEERS = ("l1-by-hand", "l2-v1", "l2-v2", "l2-v2-kubectl")


@dataclass(frozen=True)
class Medians:
    """By case."""

    cpu: Numbers
    """Seconds, all processes."""
    memory: Numbers
    """Peak, MiB."""
    resources: Numbers
    """In the templates that the case writes."""


@dataclass(frozen=True)
class Budget:
    name: str
    limit: float
    value: Callable[[Medians], float]
    """Raises KeyError when a case it needs was not measured."""
    unit: str = "x"


def _cpu(numerator: str, denominator: str) -> Callable[[Medians], float]:
    return lambda m: m.cpu[numerator] / m.cpu[denominator]


def _seconds(case: str, less: str = "") -> Callable[[Medians], float]:
    return lambda m: m.cpu[case] - (m.cpu[less] if less else 0)


def _each(m: Medians, few: str, many: str, clusters: int) -> float:
    return (m.cpu[many] - m.cpu[few]) / clusters / m.cpu["floor"]


def _per_resource(m: Medians) -> float:
    cost = {name: m.cpu[name] / m.resources[name] for name in ("ours", *PYTHON_PEERS)}
    return cost["ours"] / min(cost[name] for name in PYTHON_PEERS)


BUDGETS = (
    Budget("reference cluster with Checks() / floor", 1.7, _cpu("ours", "floor")),
    Budget("reference cluster / v1 L2", 1.0, _cpu("ours", "l2-v1")),
    Budget("reference cluster / v2 L2 with kubectl", 1.0, _cpu("ours", "l2-v2-kubectl")),
    Budget("reference cluster / best Python peer, per resource", 1.0, _per_resource),
    Budget("peak memory of the reference cluster / floor", 1.45, lambda m: m.memory["ours"] / m.memory["floor"]),
    Budget("each of 16 clusters / floor", 0.15, lambda m: _each(m, "ours", "clusters-16", 15)),
    Budget("each of 64 clusters / floor", 0.15, lambda m: _each(m, "clusters-16", "clusters-64", 48)),
    Budget("with Checks() / without", 1.05, _cpu("ours", "ours-unchecked")),
    Budget("all controls over 2,000 resources, beyond start-up", 0.5, _seconds("check-2000", "help"), "s"),
    Budget("1,000 resources, beyond start-up", 1.0, _seconds("check-1000", "help"), "s"),
    Budget("hardened-eks check cdk.out", 0.35, _seconds("check"), "s"),
    Budget("hardened-eks check / cfn-lint", 1 / 5, _cpu("check", "cfn-lint")),
    Budget("hardened-eks check / checkov", 1 / 10, _cpu("check", "checkov")),
    Budget("import hardened_eks", 0.06, _seconds("import", "python"), "s"),
    Budget("hardened-eks --help", 0.15, _seconds("help"), "s"),
    Budget("cdk synth as users run it, with ours / without", 1.1, _cpu("user", "user-unchecked")),
)
