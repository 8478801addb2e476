"""One place enforces, one place checks: what holds for the catalogue as a whole."""

import re
from collections import Counter

import pytest

import hardened_eks
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements
from hardened_eks.controls.model import Control, Family
from tests.controls.cases import Case, apply, examined, findings
from tests.controls.test_catalogue import CASES

NOT_A_TEMPLATE_CHECK: dict[str, str] = {}
"""Requirements of tier core or module that no template shows after all -> the reason."""

ids = [f"{c.id}-{c.name}" for c in CATALOGUE]


def test_ids_and_names_are_unique() -> None:
    assert [i for i, n in Counter(c.id for c in CATALOGUE).items() if n > 1] == []
    assert [i for i, n in Counter(c.name for c in CATALOGUE).items() if n > 1] == []


def test_every_template_requirement_has_a_control_or_a_reason() -> None:
    answered = {key for control in CATALOGUE for key in control.requirements}
    wanted = {r.key for r in requirements().values() if r.tier in {"core", "module"}}
    assert wanted - answered - set(NOT_A_TEMPLATE_CHECK) == set()
    assert answered - set(requirements()) == set()


def test_every_control_has_a_case() -> None:
    assert {c.id for c in CATALOGUE} - {case.control.id for case in CASES} == set()


@pytest.mark.parametrize("control", CATALOGUE, ids=ids)
def test_documented(control: Control) -> None:
    assert re.fullmatch(r"[A-Z]{2}-\d{2,3}", control.id)
    assert control.source.startswith("https://")
    assert len(control.why) > 20
    assert len(control.fix) > 10
    assert not control.title.endswith(".")
    assert control.requirements or control.family is Family.DEPLOYABLE
    assert control.check.__module__.rsplit(".", 1)[1] == control.name, "one control a file, named after it"


def test_mutation_score(capsys: pytest.CaptureFixture[str]) -> None:
    """For every control at least one mutation of a good template is caught; the score is printed."""
    caught = Counter[bool]()
    for case in CASES:
        for mutation in case.bad.values():
            caught[bool(findings(case.control, apply(mutation, case.good), previous=case.previous))] += 1
    with capsys.disabled():
        print(f"\nmutation score: {caught[True]} of {caught.total()} mutants of {len(CASES)} controls caught")
    assert caught[False] == 0


@pytest.mark.parametrize("case", CASES, ids=[c.control.id for c in CASES])
def test_a_template_without_the_resource_is_examined_zero_times(case: Case) -> None:
    body = {"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    assert findings(case.control, body) == []
    assert case.control.types == ("*",) or examined(case.control, body) == 0


def test_each_control_is_enforced_by_one_construct_or_says_why_not() -> None:
    neither_or_both = [c.id for c in CATALOGUE if bool(c.detective) == bool(c.enforced_by)]
    assert neither_or_both == [], "write enforced_by= (a construct) or detective= (why none does), one of the two"
    unknown = {c.id: c.enforced_by for c in CATALOGUE if c.enforced_by and c.enforced_by not in hardened_eks.__all__}
    assert unknown == {}, "enforced_by= is a public name of hardened_eks"
