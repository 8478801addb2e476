"""One place enforces, one place checks: what holds for the catalogue as a whole. Each message says the way out."""

import re
from collections import Counter
from difflib import get_close_matches
from pathlib import Path

import pytest

import hardened_eks
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements
from hardened_eks.controls.model import Control, Family
from tests.controls.cases import Case, caught, examined, findings
from tests.controls.test_catalogue import CASES

NOT_A_TEMPLATE_CHECK: dict[str, str] = {}
"""Requirements of tier core or module that no template shows after all -> the reason."""

ids = [f"{c.id}-{c.name}" for c in CATALOGUE]
each_control = pytest.mark.parametrize("control", CATALOGUE, ids=ids)


def file(control: Control) -> str:
    return f"hardened_eks/controls/{control.area}/{control.name}.py"


def test_ids_and_names_are_unique() -> None:
    twice = [i for i, n in Counter(c.id for c in CATALOGUE).items() if n > 1]
    assert twice == [], "give the newer control the area's next free id"
    twice = [i for i, n in Counter(c.name for c in CATALOGUE).items() if n > 1]
    assert twice == [], "give the newer control another name, and its two files with it"


def test_every_template_requirement_has_a_control_or_a_reason() -> None:
    answered = {key for control in CATALOGUE for key in control.requirements}
    wanted = {r.key for r in requirements().values() if r.tier in {"core", "module"}}
    open_ = wanted - answered - set(NOT_A_TEMPLATE_CHECK)
    assert open_ == set(), (
        "write requirement= in the control that answers it, or say why none can in NOT_A_TEMPLATE_CHECK"
    )


@each_control
def test_it_answers_requirements_that_there_are(control: Control) -> None:
    way_out = "add requirement= keys of hardened_eks/controls/frameworks/requirements.json, or family=Family.DEPLOYABLE"
    assert control.requirements or control.family is Family.DEPLOYABLE, f"{file(control)}: {way_out}"
    unknown = {key: get_close_matches(key, requirements()) for key in control.requirements if key not in requirements()}
    assert unknown == {}, f"{file(control)}: {way_out}; these are unknown, beside the most similar keys: {unknown}"


@each_control
def test_every_control_has_its_case(control: Control) -> None:
    here = f"tests/controls/{control.area}/{control.name}.py"
    case = next(case for case, its in zip(CASES, CATALOGUE, strict=True) if its is control)
    assert case.control is control, (
        f"{here}: write CASE = Case({control.name}, ...), it is the case of {case.control.name}"
    )
    assert case.bad, f"{here}: write at least one template in bad= that must be caught"


@each_control
def test_documented(control: Control) -> None:
    here = file(control)
    assert re.fullmatch(r"[A-Z]{2}-\d{2,3}", control.id), f"{here}: write id= as two capitals and a number: CP-01"
    assert control.source.startswith("https://"), f"{here}: write in source= the page that says so: https://..."
    assert len(control.why) > 20, f"{here}: write in why= what an attacker or an auditor makes of a failure"
    assert len(control.fix) > 10, f"{here}: write in fix= what to write instead"
    assert not control.title.endswith("."), f"{here}: write in title= what is true of what passes, without a full stop"
    named = control.check.__module__.rsplit(".", 1)[1] == control.name
    assert named, f"{here}: one control a file, its function named after it"


def test_mutation_score(capsys: pytest.CaptureFixture[str]) -> None:
    """Every mutation of a good template is caught; the score is printed."""
    missed = {f"{case.control.id} {name}" for case in CASES for name in case.bad if not caught(case, name)}
    total = sum(len(case.bad) for case in CASES)
    with capsys.disabled():
        print(f"\nmutation score: {total - len(missed)} of {total} mutants of {len(CASES)} controls caught")
    assert missed == set(), "fix the control, or make the mutation an edge"


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_template_without_the_resource_is_examined_zero_times(case: Case) -> None:
    body = {"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    assert findings(case.control, body) == [], f"{file(case.control)}: judge the resources of types= alone"
    seen = examined(case.control, body)
    assert case.control.types == ("*",) or seen == 0, f"{file(case.control)}: name in types= what it judges"


@each_control
def test_it_is_enforced_by_one_construct_or_says_why_not(control: Control) -> None:
    way_out = "write enforced_by= (a public name of hardened_eks) or detective= (why no construct enforces it), one of the two"
    assert bool(control.detective) != bool(control.enforced_by), f"{file(control)}: {way_out}"
    assert not control.enforced_by or control.enforced_by in hardened_eks.__all__, f"{file(control)}: {way_out}"


_CALL = re.compile(r"\b([A-Z]\w+)\((\w+)=")
_SIGNATURE = re.compile(r"^(?:\w+\.)?([A-Z]\w+)\((.*)\)$", re.MULTILINE)


def test_texts_name_arguments_that_there_are() -> None:
    names = (Path(__file__).parents[1] / "public_names.txt").read_text(encoding="utf-8")
    takes = {name: re.findall(r"\w+", arguments) for name, arguments in _SIGNATURE.findall(names)}
    told = [
        (control.id, name, argument)
        for control in CATALOGUE
        for text in (control.why, control.fix, control.blind, control.detective)
        for name, argument in _CALL.findall(text)
        if name in takes
    ]
    assert len(told) > 5
    assert [one for one in told if one[2] not in takes[one[1]]] == []
