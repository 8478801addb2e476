"""The system security plan says what is implemented, and by what, and nothing of what nobody saw."""

from typing import Any

import pytest

from tests.reports.oscal.conftest import BODY, oscal, report_on, written


def requirements(documents: dict[str, Any]) -> dict[str, Any]:
    found = documents["system-security-plan"]["control-implementation"]["implemented-requirements"]
    return {requirement["control-id"]: requirement for requirement in found}


def values(props: list[dict[str, str]], name: str) -> set[str]:
    return {prop["value"] for prop in props if prop["name"] == name}


@pytest.mark.parametrize(
    ("id_", "state", "words"),
    [
        ("cis-eks_5.4.3", "implemented", "All checks that cover it pass."),  # the endpoint is private, nodes are, too
        ("cis-eks_2.1.1", "partial", "Checks that cover it fail: see the assessment results."),
        ("cis-eks_5.4.2", "partial", "Waivers suppress findings of checks that cover it"),
    ],
)
def test_states(id_: str, state: str, words: str, own_catalog: dict[str, Any]) -> None:
    (by,) = requirements(own_catalog)[id_]["by-components"]
    assert by["implementation-status"]["state"] == state
    assert by["implementation-status"]["remarks"].startswith(words)


def test_what_no_template_shows_keeps_a_control_partial(documents: dict[str, Any]) -> None:
    shown = [by for one in requirements(documents).values() for by in one.get("by-components", ())]
    more = [
        by["implementation-status"]
        for by in shown
        if "Templates do not show: " in by["implementation-status"]["remarks"]
    ]
    assert {status["state"] for status in more} == {"partial"}
    assert any(status["remarks"].startswith("The checks that found something to evaluate pass.") for status in more)


def test_a_control_of_which_checks_cover_a_part_is_partial() -> None:
    """ST-10 passes, but a bucket without replication is not a finding: CP-9 is not implemented."""
    replicated = {
        "ReplicationConfiguration": {
            "Role": "arn:aws:iam::111122223333:role/r",
            "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::copy"}}],
        },
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    body = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": replicated}}}
    found = requirements(oscal(written(report_on(body), "cdk-nag", [])))
    (by,) = found["cdk-nag_NIST.800.53.R4-S3BucketReplicationEnabled"]["by-components"]
    assert by["implementation-status"]["state"] == "partial"
    assert "without replication or notifications is not a finding" in by["implementation-status"]["remarks"]


def test_checks_with_nothing_to_evaluate_are_named(documents: dict[str, Any]) -> None:
    """Some checks of a control pass, and others find nothing: not all of its checks pass."""
    shown = [by for one in requirements(documents).values() for by in one.get("by-components", ())]
    remarks = [by["implementation-status"]["remarks"] for by in shown]
    (text,) = {text.partition(" Nothing to evaluate for ")[0] for text in remarks if "Nothing to evaluate for " in text
               and "pass" in text.partition(" Nothing")[0]}  # fmt: skip
    assert text == "The checks that found something to evaluate pass."


def test_nothing_is_said_of_what_was_not_judged(documents: dict[str, Any]) -> None:
    silent = [one for one in requirements(documents).values() if "by-components" not in one]
    assert any(one["remarks"].startswith("Not evaluated: the deciding values are not in") for one in silent)
    assert any(one["remarks"].startswith("Not evaluated: the checked templates have no") for one in silent)


def test_where_clusters_are_hidden_nothing_is_implemented() -> None:
    hidden = oscal(written(report_on(BODY, hides_eks=True)))
    for requirement in requirements(hidden).values():
        for by in requirement.get("by-components", ()):
            assert by["implementation-status"]["state"] != "implemented"


def test_what_answers_a_control_is_named(own_catalog: dict[str, Any]) -> None:
    (by,) = requirements(own_catalog)["cis-eks_5.4.2"]["by-components"]
    assert values(by["props"], "check") == {"CP-01", "CP-20"}
    assert values(by["props"], "config-rule") == {"EKS_ENDPOINT_NO_PUBLIC_ACCESS"}
    assert "eks-endpoint-public" in values(by["props"], "detection")


def test_resources_are_the_inventory(documents: dict[str, Any]) -> None:
    items = documents["system-security-plan"]["system-implementation"]["inventory-items"]
    cluster = next(item for item in items if item["description"] == "AWS::EKS::Cluster Payments/Cluster")
    assert values(cluster["props"], "asset-id") == {"Payments/Cluster"}
    assert values(cluster["props"], "construct-path") == {"Payments/Eks"}
