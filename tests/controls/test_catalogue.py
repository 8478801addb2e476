"""Every control: the good template passes, every mutation is caught, no false alarm on the edges."""

import importlib
import pkgutil

import pytest

import tests.controls
from tests.controls.cases import Case, apply, examined, findings

MODULES = sorted(m.name for m in pkgutil.iter_modules(tests.controls.__path__) if m.name.endswith("_cases"))
CASES: list[Case] = [c for m in MODULES for c in importlib.import_module(f"tests.controls.{m}").CASES]
ids = [f"{c.control.id}-{c.control.name}" for c in CASES]
BAD = [(c, name) for c in CASES for name in c.bad]
EDGE = [(c, name) for c in CASES for name in c.edge]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_good_passes_with_something_examined(case: Case) -> None:
    assert findings(case.control, case.good, previous=case.previous) == []
    assert examined(case.control, case.good) > 0


@pytest.mark.parametrize(("case", "name"), BAD, ids=[f"{c.control.id}-{n}" for c, n in BAD])
def test_bad_is_caught(case: Case, name: str) -> None:
    found = findings(case.control, apply(case.bad[name], case.good), previous=case.previous)
    assert found
    assert not any("cannot be judged" in message for message in found), found


@pytest.mark.parametrize(("case", "name"), EDGE, ids=[f"{c.control.id}-{n}" for c, n in EDGE])
def test_edge_is_no_false_alarm(case: Case, name: str) -> None:
    assert findings(case.control, apply(case.edge[name], case.good), previous=case.previous) == []
