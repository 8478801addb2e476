"""The pairs of one control and the rules of one checker that together check the same setting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("agreement.yaml")
PEERS = ("checkov", "cfn-guard", "cdk-nag")
BAD, EDGE = 6, 2
"""Number of bad templates of a control, and of good ones that look bad, that are shared: the first ones. Most new cases
can therefore be added without running the other checkers again."""
Verdicts = dict[str, dict[str, bool]]
"""Map from rule to template to whether the rule fails it. Templates that the rule does not evaluate are missing."""


@dataclass(frozen=True)
class Difference:
    """Templates for which the verdict of the rules differs from ours, with the reason."""

    templates: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Pair:
    """A control and the paired rules of a checker."""

    peer: str
    control: str
    rules: tuple[str, ...]
    differs: tuple[Difference, ...] = ()

    @property
    def explained(self) -> dict[str, str]:
        """Return a map from template to the reason why the checker's verdict differs from ours."""
        return {f"{self.control}/{name}": d.why for d in self.differs for name in d.templates}

    def judged(self, verdicts: Verdicts) -> dict[str, bool]:
        """Return a map from template of this control to whether any rule fails it, if any rule evaluates it."""
        found: dict[str, bool] = {}
        for rule in self.rules:
            for name, fails in verdicts.get(rule, {}).items():
                if name.partition("/")[0] == self.control:
                    found[name] = found.get(name, False) or fails
        return found


@dataclass(frozen=True)
class Comparison:
    """The result for the shared templates of a pair."""

    equal: frozenset[str]
    explained: frozenset[str]
    unexplained: frozenset[str]
    """Templates with a different verdict and no explanation."""
    outdated: frozenset[str]
    """Explained templates without a difference: the verdicts are the same, or there is no verdict."""


@cache
def load() -> tuple[Pair, ...]:
    """Read the pairs. A misspelled key is an error."""
    table = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        _pair(peer, control, **entry) for peer, controls in table.items() for control, entry in controls.items()
    )


def _pair(peer: str, control: str, *, rules: list[str], differs: Sequence[Mapping[str, Any]] = ()) -> Pair:
    differences = (_difference(**difference) for difference in differs)
    return Pair(peer, control, tuple(rules), tuple(differences))


def _difference(*, templates: list[str], why: str) -> Difference:
    return Difference(tuple(templates), why)


def rules_of(peer: str) -> set[str]:
    """Return the paired rules of a checker."""
    return {rule for pair in load() if pair.peer == peer for rule in pair.rules}


def compare(pair: Pair, theirs: Mapping[str, bool], ours: Mapping[str, bool]) -> Comparison:
    """Compare verdicts. Each argument maps a template to whether it fails."""
    different = {name for name, fails in theirs.items() if ours[name] != fails}
    explained = set(pair.explained)
    return Comparison(
        equal=frozenset(theirs.keys() - different),
        explained=frozenset(different & explained),
        unexplained=frozenset(different - explained),
        outdated=frozenset(explained - different),
    )
