"""Findings do not depend on the order in which files are named: a CI that compares two runs compares their messages."""

import copy
from itertools import permutations

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import Case, apply
from tests.controls.needs import resources, split
from tests.controls.test_catalogue import CASES

TWINS = {"IA-13": ("another call", "Rule"), "DP-52": ("left out", "Sts")}
"""Control -> the name of a bad template, and the resource that a second file has, too."""


def messages(case: Case, files: list[Template]) -> list[tuple[str, str, str]]:
    outcome = evaluate(Assembly(files), [case.control])
    return [(f.subject.id, f.problem.path, f.problem.message) for f in (*outcome.findings, *outcome.unseen)]


@pytest.mark.parametrize("id", TWINS)
def test_findings_are_the_same_in_each_order_of_files(id: str) -> None:
    (case,) = (case for case in CASES if case.control.id == id)
    name, twin = TWINS[id]
    body = apply(case.bad[name], case.good)
    body["Resources"][f"Z{twin}"] = copy.deepcopy(resources(body)[twin])
    named = [(f"S{n}", part) for n, part in enumerate(split(body, twin))]
    found = [messages(case, [Template(*one) for one in order]) for order in permutations(named)]
    assert found[0] and found[0] == found[1]
