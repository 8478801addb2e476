"""The snippets of the control pages are those of the cases, and each control has a pair."""

import json

import pytest
import yaml

from tests.controls.cases import Case
from tests.controls.snippets import FILE, snippets
from tests.controls.test_catalogue import CASES, ids

WRITTEN = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_control_has_a_bad_and_a_good_snippet(case: Case) -> None:
    pair = WRITTEN.get(case.control.name)
    assert pair == snippets(case), "run `make controls`"
    assert pair["bad"] != pair["good"]
    for text in (pair["bad"], pair["good"]):
        yaml.safe_load(text)


def test_no_snippet_outlives_its_control() -> None:
    assert list(WRITTEN) == [case.control.name for case in CASES]
