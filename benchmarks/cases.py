"""What is measured, and what it must not exceed."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
APPS = HERE / "apps"
# The certificates variable makes Node read a file at start (-26 % when unset): machine, not library.
QUIET = {"CDK_VALIDATION": "false", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20", "NODE_EXTRA_CA_CERTS": ""}


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    accept: tuple[int, ...] = (0,)
    """Exit codes of a good run: a checker that finds something says so with 1 or more."""


@dataclass(frozen=True)
class Budget:
    name: str
    limit: float
    value: Callable[[dict[str, float], dict[str, float]], float]
    """From the medians of CPU seconds and of memory (MiB), by case."""
    unit: str = "x"


def _app(name: str, title: str, file: str, **env: str) -> Case:
    return Case(name, title, (sys.executable, str(APPS / file)), {**QUIET, **env})


FLOOR = _app("floor", "CDK alone: one stack, one tiny resource", "floor.py")
SYNTH = (
    FLOOR,
    _app("ours", "hardened_eks, the reference cluster, with Checks()", "ours.py"),
    _app("ours-unchecked", "the same without Checks()", "ours.py", CHECKS="0"),
    _app("l1-by-hand", "aws_eks L1s by hand, minimal network", "l1_by_hand.py"),
    _app("l2-v1", "aws_eks (v1) L2", "l2_v1.py"),
    _app("l2-v2", "aws_eks_v2 L2 without kubectl", "l2_v2.py"),
    _app("l2-v2-kubectl", "aws_eks_v2 L2 with the kubectl provider", "l2_v2.py", KUBECTL="1"),
)
GROWTH = tuple(_app(f"clusters-{n}", f"{n} clusters", "ours.py", CLUSTERS=str(n)) for n in (1, 2, 4, 8, 16, 32, 64))
NODE_GROUPS = tuple(
    _app(f"node-groups-{n}", f"{n} node groups", "ours.py", NODE_GROUPS=str(n)) for n in (1, 10, 25, 50)
)


def checkers(assembly: Path, big: Path) -> tuple[Case, ...]:
    """Ours and the peers' checkers on the same template."""
    template = str(next(assembly.glob("*.template.json")))
    ours = str(Path(sys.executable).with_name("hardened-eks"))
    found: list[Case] = [
        Case("check", "hardened-eks check cdk.out", (ours, "check", str(assembly)), QUIET, (0, 1)),
        Case("check-2000", "the same on 2,000 resources", (ours, "check", str(big)), QUIET, (0, 1)),
        Case("check-start", "hardened-eks --help", (ours, "--help"), QUIET),
        Case("import", "import hardened_eks", (sys.executable, "-c", "import hardened_eks"), QUIET),
        Case("python", "python -c pass", (sys.executable, "-c", "pass"), QUIET),
        Case(
            "cfn-lint",
            "cfn-lint",
            (str(Path(sys.executable).with_name("cfn-lint")), template),
            QUIET,
            (0, 2, 4, 6, 8, 12),
        ),
    ]
    checkov = HERE / "peers" / "checkov" / ".venv" / "bin" / "checkov"
    if checkov.exists():
        command = (
            str(checkov),
            "-f",
            template,
            "--framework",
            "cloudformation",
            "--compact",
            "--quiet",
            "--skip-download",
        )
        found.append(Case("checkov", "checkov", command, QUIET, (0, 1)))
    return tuple(found)


BUDGETS = (
    Budget("the reference cluster with Checks(), CPU", 1.7, lambda c, _: c["ours"] / c["floor"]),
    Budget("the reference cluster below the v1 L2", 1.0, lambda c, _: c["ours"] / c["l2-v1"]),
    Budget("the reference cluster below the v2 L2 with kubectl", 1.0, lambda c, _: c["ours"] / c["l2-v2-kubectl"]),
    Budget("the reference cluster, peak memory", 1.45, lambda _, m: m["ours"] / m["floor"]),
    Budget("each further cluster", 0.15, lambda c, _: (c["clusters-16"] - c["clusters-1"]) / 15 / c["floor"]),
    Budget("Checks() on top of the synth", 1.05, lambda c, _: c["ours"] / c["ours-unchecked"]),
    Budget("hardened-eks check cdk.out", 0.35, lambda c, _: c["check"], "s"),
    Budget(
        "all controls over 2,000 resources, beyond start-up", 0.5, lambda c, _: c["check-2000"] - c["check-start"], "s"
    ),
    Budget("hardened-eks check against cfn-lint", 1 / 5, lambda c, _: c["check"] / c["cfn-lint"]),
    Budget("hardened-eks check against checkov", 1 / 10, lambda c, _: c["check"] / c["checkov"]),
    Budget("import hardened_eks", 0.06, lambda c, _: c["import"] - c["python"], "s"),
    Budget("hardened-eks --help", 0.15, lambda c, _: c["check-start"], "s"),
)


def multiply(template: dict[str, object], resources: int) -> dict[str, object]:
    """Repeat a template's resources under new logical ids until there are that many."""
    source = dict(template["Resources"])  # type: ignore[call-overload]
    copies = -(-resources // len(source))
    built: dict[str, object] = {}
    for number in range(copies):
        text = json.dumps(source)
        for logical_id in sorted(source, key=len, reverse=True):
            text = text.replace(f'"{logical_id}"', f'"{logical_id}x{number}"')
            text = text.replace(f"${{{logical_id}", f"${{{logical_id}x{number}")
        built.update(json.loads(text))
    return {**template, "Resources": dict(list(built.items())[:resources])}
