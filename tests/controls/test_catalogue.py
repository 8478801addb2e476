"""Every control: the good template passes, every mutation is caught where it is wrong, no false alarm on the edges."""

import importlib

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control
from tests.controls.cases import Case, apply, caught, examined, findings, said
from tests.controls.messages import frozen

AGAIN = "if the new message is right, run `make controls`"


def _case(control: Control) -> Case:
    module = f"tests.controls.{control.area}.{control.name}"
    try:
        return importlib.import_module(module).CASE
    except ModuleNotFoundError as error:
        if not module.startswith(error.name or "?"):
            raise
        file = f"{module.replace('.', '/')}.py"
        raise AssertionError(f"{control.id} has no case: write {file} with CASE = Case({control.name}, ...)") from None


CASES: list[Case] = [_case(control) for control in CATALOGUE]
MESSAGES = frozen()
ids = [f"{c.control.id}-{c.control.name}" for c in CASES]
BAD = [(c, name) for c in CASES for name in c.bad]
EDGE = [(c, name) for c in CASES for name in c.edge]
each_bad = pytest.mark.parametrize(("case", "name"), BAD, ids=[f"{c.control.id}-{n}" for c, n in BAD])


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_good_passes_with_something_examined(case: Case) -> None:
    assert findings(case.control, case.good, previous=case.previous) == []
    assert examined(case.control, case.good) > 0, "`good` needs a resource of the control's types"


@each_bad
def test_bad_is_caught_where_it_is_wrong(case: Case, name: str) -> None:
    found = caught(case, name)
    assert found, "the control says nothing: fix it, or make the mutation an `edge`"
    assert not any("cannot be evaluated" in finding.problem.message for finding in found), found
    wrong = "the finding names another property: fix the control, or the path in the case"
    assert {finding.problem.path for finding in found} == set(case.bad[name].paths), wrong


@each_bad
def test_bad_is_told_in_the_frozen_words(case: Case, name: str) -> None:
    assert said(case, name) == MESSAGES.get(case.control.name, {}).get(name), AGAIN


def test_no_message_is_frozen_of_what_is_gone() -> None:
    now = {(c.control.name, name) for c, name in BAD}
    assert {(control, name) for control, names in MESSAGES.items() for name in names} - now == set(), AGAIN


@pytest.mark.parametrize(("case", "name"), EDGE, ids=[f"{c.control.id}-{n}" for c, n in EDGE])
def test_edge_is_no_false_alarm(case: Case, name: str) -> None:
    assert findings(case.control, apply(case.edge[name], case.good), previous=case.previous) == []
