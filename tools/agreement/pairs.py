"""The pairs: one control of ours, and the rules of one checker that together ask the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("agreement.yaml")
PEERS = ("checkov", "cfn-guard", "cdk-nag")
BAD, EDGE = 6, 2
"""How many of the bad templates of a control, and of those that look bad and are not, are shared: the first. So most
cases can be added without asking the others again."""
Verdicts = dict[str, dict[str, bool]]
"""Rule -> template -> whether it fails. A template that the rule does not evaluate is left out."""


@dataclass(frozen=True)
class Difference:
    """Templates on which the verdict of the rules is not ours."""

    templates: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Pair:
    """One control and the rules of one checker."""

    peer: str
    control: str
    rules: tuple[str, ...]
    differs: tuple[Difference, ...] = ()

    @property
    def explained(self) -> dict[str, str]:
        """Template -> why their verdict on it is not ours."""
        return {f"{self.control}/{name}": d.why for d in self.differs for name in d.templates}

    def judged(self, verdicts: Verdicts) -> dict[str, bool]:
        """Template -> whether any rule fails it, for the templates of this control that any rule evaluates."""
        found: dict[str, bool] = {}
        for rule in self.rules:
            for name, fails in verdicts.get(rule, {}).items():
                if name.partition("/")[0] == self.control:
                    found[name] = found.get(name, False) or fails
        return found


@dataclass(frozen=True)
class Comparison:
    """What became of the shared templates of a pair."""

    equal: frozenset[str]
    explained: frozenset[str]
    unexplained: frozenset[str]
    """Their verdict is not ours, and nobody explains why."""
    outdated: frozenset[str]
    """An explanation without a difference: the verdicts are equal, or there is none."""


@cache
def load() -> tuple[Pair, ...]:
    """Read the pairs. A misspelt key is an error."""
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
    """Return the rules of a checker that are paired."""
    return {rule for pair in load() if pair.peer == peer for rule in pair.rules}


def compare(pair: Pair, theirs: Mapping[str, bool], ours: Mapping[str, bool]) -> Comparison:
    """Compare verdicts, each template -> whether it fails."""
    different = {name for name, fails in theirs.items() if ours[name] != fails}
    explained = set(pair.explained)
    return Comparison(
        equal=frozenset(theirs.keys() - different),
        explained=frozenset(different & explained),
        unexplained=frozenset(different - explained),
        outdated=frozenset(explained - different),
    )
