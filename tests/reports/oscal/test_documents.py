"""Every document is valid, and all of them are about the same things."""

import json
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import frameworks
from hardened_eks.reports import Report
from hardened_eks.reports.oscal import plan
from hardened_eks.reports.oscal.assessment import Assessment, answered
from hardened_eks.reports.oscal.results import assessment_results
from tests.reports.oscal.conftest import NOW, oscal, report_on, written
from tests.reports.oscal.schema import MODELS, errors


def uuids(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["uuid"]] if "uuid" in value else []
        return own + [id_ for inner in value.values() for id_ in uuids(inner)]
    return [id_ for inner in value for id_ in uuids(inner)] if isinstance(value, list) else []


def named(value: Any, name: str) -> set[str]:
    if isinstance(value, dict):
        own = {value[name]} if name in value else set()
        return own.union(*(named(inner, name) for inner in value.values()))
    return set().union(*(named(inner, name) for inner in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("framework", ["nist-800-53-r5", "cis-eks"])
def test_valid(framework: str, documents: dict[str, Any], own_catalog: dict[str, Any]) -> None:
    found = documents if framework == "nist-800-53-r5" else own_catalog
    assert set(found) == set(MODELS) - ({"catalog"} if framework == "nist-800-53-r5" else set())
    assert [error for kind, body in found.items() for error in errors({kind: body})] == []
    for body in found.values():
        assert len(uuids(body)) == len(set(uuids(body)))


@pytest.mark.parametrize("framework", answered(CATALOGUE))
def test_the_ids_of_every_framework_are_tokens(framework: str, report: Report) -> None:
    seen = Assessment(report, frameworks()[framework], NOW, (), "Payments", {})
    assert errors(plan.catalog(seen)) + errors(plan.profile(seen)) == []
    assert len({objective.id for objective in seen.objectives}) == len(seen.objectives)


def test_the_schema_refuses_what_is_missing_wrong_or_too_much(documents: dict[str, Any]) -> None:
    profile = documents["profile"]
    for wrong in (
        {name: value for name, value in profile.items() if name != "imports"},
        {**profile, "uuid": "1"},
        {**profile, "more": 1},
        {**profile, "imports": []},
    ):
        assert errors({"profile": wrong})


@pytest.mark.parametrize("body", [{"Resources": {}}, {"Resources": {" \x1b<b>": {"Type": "AWS::EKS::Cluster"}}}])
def test_valid_for_nothing_and_for_nasty_names(body: dict[str, Any]) -> None:
    seen = Assessment(report_on(body), frameworks()["cis-eks"], NOW, (), "Payments", {})
    assert errors(plan.system_security_plan(seen)) + errors(assessment_results(seen)) == []


@pytest.mark.parametrize("framework", ["nist-800-53-r5", "cis-eks"])
def test_they_lead_to_each_other(framework: str, documents: dict[str, Any], own_catalog: dict[str, Any]) -> None:
    found = documents if framework == "nist-800-53-r5" else own_catalog
    ssp, results = found["system-security-plan"], found["assessment-results"]
    assert ssp["import-profile"]["href"] == "profile.json"
    assert found["assessment-plan"]["import-ssp"]["href"] == "system-security-plan.json"
    assert results["import-ap"]["href"] == "assessment-plan.json"
    selected = set(found["profile"]["imports"][0]["include-controls"][0]["with-ids"])
    assert selected == named(ssp, "control-id") == named(results, "control-id")
    if framework == "cis-eks":
        assert found["profile"]["imports"][0]["href"] == "catalog.json"
        assert {control["id"] for control in found["catalog"]["controls"]} == selected
    known = set(uuids(ssp)) | set(uuids(results))
    for name in ("component-uuid", "subject-uuid", "observation-uuid", "risk-uuid", "implementation-statement-uuid"):
        assert named(found, name) <= known, name
        assert named(found, name), name


def test_the_library_is_one_component_everywhere(documents: dict[str, Any]) -> None:
    (defined,) = documents["component-definition"]["components"]
    used = documents["system-security-plan"]["system-implementation"]["components"]
    assert defined["uuid"] in {component["uuid"] for component in used}


def test_the_same_input_gives_the_same_files(report: Report) -> None:
    again = written(report)
    assert again == written(report)
    for name, text in again.items():
        if name.startswith("oscal/"):
            (body,) = json.loads(text).values()
            assert body["metadata"]["last-modified"] == NOW.isoformat()


def test_another_result_is_another_document(documents: dict[str, Any]) -> None:
    other = oscal(written(report_on({"Resources": {}})))
    for kind in ("system-security-plan", "assessment-results"):
        assert other[kind]["uuid"] != documents[kind]["uuid"]
