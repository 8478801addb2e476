"""The assessment results: a finding only for what was judged, a risk for what fails or is waived."""

from typing import Any

import pytest

from hardened_eks.reports.oscal.assessment import item_id
from tests.reports.oscal.conftest import BODY, oscal, report_on, written


def result(documents: dict[str, Any]) -> dict[str, Any]:
    (found,) = documents["assessment-results"]["results"]
    return found


def observation(documents: dict[str, Any], check: str) -> dict[str, Any]:
    found = result(documents)["observations"]
    return next(one for one in found if one["title"].startswith(f"{check} "))


def states(documents: dict[str, Any]) -> dict[str, str]:
    """Return the state of each control that has a finding, with its reason."""
    targets = [finding["target"] for finding in result(documents).get("findings", ())]
    return {
        one["target-id"].removesuffix("_smt"): f"{one['status']['state']} {one['status']['reason']}" for one in targets
    }


@pytest.mark.parametrize(
    ("check", "expected"),
    [("CP-01", "waived"), ("CP-02", "pass"), ("CP-07", "fail"), ("CP-20", "not-examined"), ("ND-03", "not-seen")],
)
def test_each_check_is_observed(check: str, expected: str, documents: dict[str, Any]) -> None:
    props = {prop["name"]: prop["value"] for prop in observation(documents, check)["props"]}
    assert (props["check"], props["result"]) == (check, expected)


def test_findings(own_catalog: dict[str, Any]) -> None:
    found = states(own_catalog)
    assert found["cis-eks_5.4.3"] == "satisfied pass"
    assert found["cis-eks_2.1.1"] == "not-satisfied fail"  # no log type is on
    assert found["cis-eks_5.4.2"] == "not-satisfied other"  # a waiver accepts the risk, and satisfies nothing


def test_what_was_not_judged_has_no_finding(documents: dict[str, Any]) -> None:
    reviewed = result(documents)["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert {one["control-id"] for one in reviewed} > set(states(documents))
    remarks = observation(documents, "ND-03")["remarks"]
    assert "not seen: Payments/Nodes" in remarks
    assert remarks.endswith("Not evaluated: the deciding values are not in the templates that were read.")


def test_a_waiver_is_an_accepted_risk_until_its_day(own_catalog: dict[str, Any]) -> None:
    (risk,) = [one for one in result(own_catalog)["risks"] if one["status"] == "deviation-approved"]
    assert risk["title"] == "CP-01 private_endpoint"
    assert risk["deadline"] == "2027-03-31T00:00:00+00:00"
    assert "Accepted for Payments/Cluster: moved in March" in risk["statement"]
    assert {"jane", "waivers.yaml:4"} <= {prop["value"] for prop in risk["props"]}


def test_a_finding_names_the_risks_behind_it(own_catalog: dict[str, Any]) -> None:
    (finding,) = [one for one in result(own_catalog)["findings"] if one["title"].endswith(": 5.4.2")]
    (risk,) = [one for one in result(own_catalog)["risks"] if one["status"] == "deviation-approved"]
    assert [one["risk-uuid"] for one in finding["related-risks"]] == [risk["uuid"]]


def test_what_fails_is_an_open_risk_of_its_resources(own_catalog: dict[str, Any]) -> None:
    (risk,) = [one for one in result(own_catalog)["risks"] if one["title"].startswith("CP-03 ")]
    assert risk["status"] == "open"
    subjects = observation(own_catalog, "CP-03")["subjects"]
    assert [(one["subject-uuid"], one["type"]) for one in subjects] == [(item_id("Payments/Cluster"), "inventory-item")]


def test_what_no_template_shows_is_no_plain_pass(documents: dict[str, Any]) -> None:
    """The assessment results agree with the plan, in which such a control is partial."""
    findings = result(documents)["findings"]
    more = [one["target"]["status"] for one in findings if "Templates do not show: " in one["remarks"]]
    satisfied = [status for status in more if status["state"] == "satisfied"]
    assert satisfied
    assert {status["reason"] for status in satisfied} == {"other"}
    assert all(status["remarks"] for status in satisfied)


def test_where_clusters_are_hidden_nothing_is_satisfied() -> None:
    hidden = oscal(written(report_on(BODY, hides_eks=True)))
    assert set(states(hidden).values()) == {"not-satisfied fail"}
