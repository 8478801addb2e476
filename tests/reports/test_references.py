"""Formats with a limit on references lose none of the standards that an auditor asks for."""

import json
from dataclasses import replace

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import STANDARDS
from hardened_eks.controls.model import Control
from hardened_eks.reports import Report
from hardened_eks.reports.as_asff import related
from hardened_eks.reports.as_json import references
from hardened_eks.reports.as_sarif import render

CONTROLS = [control for control in CATALOGUE if set(references(control)) & STANDARDS]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_security_hub_gets_each_standard(control: Control) -> None:
    found = related(control)
    assert len(found) <= 32
    assert all(len(one) <= 64 for one in found)
    assert {one.partition(" ")[0] for one in found} >= set(references(control)) & STANDARDS


def test_code_scanning_gets_each_standard(nothing: Report) -> None:
    report = replace(nothing, outcome=replace(nothing.outcome, controls=CATALOGUE))
    rules = {rule["id"]: rule for rule in json.loads(render(report))["runs"][0]["tool"]["driver"]["rules"]}
    for control in CONTROLS:
        tags = rules[control.id]["properties"]["tags"]
        assert len(tags) <= 20
        assert {tag.partition(":")[0] for tag in tags} >= set(references(control)) & STANDARDS, control.id


def test_what_fits_is_whole() -> None:
    control = next(one for one in CATALOGUE if one.id == "CP-10")
    asked = references(control)
    assert related(control) == [f"{framework} {id_}" for framework, ids in asked.items() for id_ in ids]
