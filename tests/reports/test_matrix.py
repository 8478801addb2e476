"""The control matrix has every requirement once, with all that answers it, and every test that it names exists."""

import csv
import dataclasses
import html
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import hardened_eks
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements
from hardened_eks.detections import DETECTIONS
from hardened_eks.reports import Report
from docs.coverage import page as coverage_page
from hardened_eks.reports.as_frameworks import render as page
from hardened_eks.reports.as_html import render as as_report
from hardened_eks.reports.as_junit import render as junit
from hardened_eks.conformance import LEFT_OUT
from hardened_eks.conformance import TIERS
from hardened_eks.reports.coverage import as_csv as coverage_csv
from hardened_eks.reports.coverage import as_json, as_markdown
from hardened_eks.reports.coverage import rows as rows_of
from hardened_eks.reports.matrix import Answer, Line, as_csv, as_html, lines
from hardened_eks.reports.results import Result, Results
from tests.reports.oscal.conftest import BODY, report_on

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def matrix() -> list[Line]:
    return lines(CATALOGUE, DETECTIONS)


@pytest.fixture(scope="module")
def report() -> Report:
    return report_on(BODY)


@pytest.fixture(scope="module")
def rows(matrix: list[Line], report: Report) -> dict[str, dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(as_csv(matrix, report))))
    assert len(found) == len(requirements())
    return {row["requirement"]: row for row in found}


def test_a_row_from_requirement_to_test(rows: dict[str, dict[str, str]]) -> None:
    row = rows["eks.endpoint.private_only"]
    assert row["controls"] == "CP-01 CP-20"
    assert row["constructs"] == "ArgoCdCapability Cluster Detection"
    assert row["config_rules"] == "EKS_ENDPOINT_NO_PUBLIC_ACCESS"
    assert "eks-endpoint-public" in row["detections"].split()
    assert {"tests/controls/control_plane/private_endpoint.py", "tests/stacks/test_enforced.py",
            "tests/detections/test_events.py"} <= set(row["tests"].split())  # fmt: skip
    assert {"cis-eks:5.4.2", "sechub:EKS.1"} <= set(row["references"].split("; "))
    assert (row["answer"], row["result"]) == ("enforced", "waived")
    assert not re.search(r"\bseed:", row["references"])


@pytest.mark.parametrize(
    ("requirement", "answer", "result"),
    [
        ("eks.endpoint.private_enabled", "enforced", "pass"),
        ("eks.logging.all_types", "enforced", "fail"),
        ("node.imds.v2_required", "enforced", "not-seen"),
        ("s3.block_public", "enforced", "not-examined"),
        ("kms.key_spec", "checked", "not-examined"),
        ("alerts.cis_root_usage", "watched", ""),
        ("node.ebs.default_encryption", "checked", "not-examined"),
        ("node.imds.account_default", "enforced", "not-examined"),
        ("eks.auth.automated_creation", "explained", ""),
    ],
)
def test_answers_and_results(requirement: str, answer: str, result: str, rows: dict[str, dict[str, str]]) -> None:
    assert (rows[requirement]["answer"], rows[requirement]["result"]) == (answer, result)


def test_what_it_names_exists(matrix: list[Line]) -> None:
    assert {file for line in matrix for file in line.tests if not (ROOT / file).is_file()} == set()
    assert {name for line in matrix for name in line.constructs} <= set(hardened_eks.__all__)


def test_few_requirements_of_templates_and_accounts_are_only_explained(matrix: list[Line]) -> None:
    """Every other one is enforced, checked or watched."""
    left = [one for one in matrix if one.requirement.tier in TIERS and one.answer is Answer.EXPLAINED]
    assert len(left) <= 15, [one.requirement.key for one in left]
    assert [one.requirement.key for one in left if not (one.requirement.party and one.requirement.reason)] == []


def test_a_rule_that_no_pack_has_watches_nothing(matrix: list[Line]) -> None:
    packed = {rule for line in matrix for rule in line.config_rules} - set(LEFT_OUT)
    by_rules = [one for one in matrix if one.answer is Answer.WATCHED and not one.detections]
    assert by_rules
    assert [one.requirement.key for one in by_rules if not set(one.config_rules) & packed] == []
    assert not [one for one in matrix if one.answer is Answer.EXPLAINED and set(one.config_rules) & packed]


def test_a_rule_in_guard_stands_beside_the_managed_ones(matrix: list[Line]) -> None:
    (line,) = [one for one in matrix if one.requirement.key == "node.imds.hop_limit"]
    assert line.config_rules == (
        "AUTOSCALING_LAUNCH_CONFIG_HOP_LIMIT", "EC2_TOKEN_HOP_LIMIT_CHECK", "launch-template-hop-limit",
    )  # fmt: skip


def test_rules_of_the_function_in_the_network_stand_beside_the_managed_ones(rows: dict[str, dict[str, str]]) -> None:
    assert rows["k8s.netpol.every_namespace"]["config_rules"] == "eks-netPolCheck-rule"
    assert rows["k8s.image.trusted_registry"]["config_rules"] == "eks-trustedRegCheck-rule"
    assert rows["eks.deletion_protection"]["config_rules"].split()[-1] == "eks-deletionProtection-rule"


def test_a_team_s_own_control_has_its_tests_elsewhere() -> None:
    own = dataclasses.replace(next(control for control in CATALOGUE if control.id == "CP-01"), area="own")
    (line,) = [one for one in lines([own], ()) if one.requirement.key == "eks.endpoint.private_only"]
    assert line.controls == (own,)
    assert line.tests == ()


def test_the_page_is_self_contained_and_has_every_requirement(matrix: list[Line], report: Report) -> None:
    page = as_html(matrix, report)
    assert [key for key in requirements() if f"<code>{key}</code>" not in page] == []
    for heading in ("requirement", "control", "construct", "AWS Config rule", "detection", "test"):
        assert f'<th scope="col">{heading}</th>' in page
    assert not re.search(r"<script|src=|href=\"http", page)
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    ("requirement", "answer"),
    [
        ("node.access.ssm", Answer.WATCHED),  # AC-05 disables the serial console, which is no session of SSM
        ("eks.isolation.fargate_untrusted", Answer.EXPLAINED),  # ND-24 evaluates the profiles that exist
        ("k8s.pod.availability", Answer.EXPLAINED),  # the health of the control plane is not that of a workload
        ("k8s.secrets.external_store", Answer.EXPLAINED),  # a secret that somebody reads is no store
    ],
)
def test_what_only_touches_the_subject_covers_nothing(requirement: str, answer: Answer, matrix: list[Line]) -> None:
    (line,) = [line for line in matrix if line.requirement.key == requirement]
    assert line.answer is answer


def test_only_what_is_covered_has_a_rest(matrix: list[Line]) -> None:
    assert [one.requirement.key for one in matrix if one.requirement.rest and one.answer is Answer.EXPLAINED] == []


def test_the_part_that_nothing_covers_is_in_every_view(rows: dict[str, dict[str, str]], report: Report) -> None:
    rest = requirements()["s3.replication_events"].rest
    assert rest == "A bucket without replication or notifications is not a finding."
    assert rows["s3.replication_events"]["rest"] == rest
    assert f"Not covered: {rest}" in as_html(lines(CATALOGUE, DETECTIONS), report)
    assert f"Not covered: {rest}" in page(report)
    assert f"Not covered: {rest}" in coverage_page("")
    coverage = rows_of(CATALOGUE, "sechub")
    assert f"Not covered: {rest}" in as_markdown(coverage)
    assert rest in coverage_csv(coverage)
    assert rest in {one["rest"] for one in json.loads(as_json(coverage))}


def test_the_pages_say_the_same_as_the_matrix(rows: dict[str, dict[str, str]], report: Report) -> None:
    """A requirement whose deciding values are not in the templates is not proven on any page."""
    words = {"fail": "fails", "not-seen": "not seen", "waived": "waived", "pass": "passes",
             "not-examined": "not examined", "": "not a template check"}  # fmt: skip
    public = {key for key, one in requirements().items() if set(one.references) - {"seed"}}
    said = {row["title"]: words[row["result"]] for key, row in rows.items() if key in public}
    shown = re.findall(r'<th scope="row">(.*?)</th>.*<span class="tag [a-z]+">([a-z ]+)</span></td></tr>', page(report))
    assert {html.unescape(title): status for title, status in shown} == said
    assert said["Nodes require IMDSv2 session tokens (HttpTokens=required)"] == "not seen"


def test_no_page_shows_a_pass_if_whole_clusters_are_hidden() -> None:
    hidden = report_on(BODY, hides_eks=True)
    assert '<span class="tag passes">' not in page(hidden)
    assert not re.search(r"\d+ passes", as_report(hidden))


def test_junit_passes_no_case_whose_deciding_values_are_not_in_the_input() -> None:
    """Even if other controls fail, and the control has examined another resource."""
    seen = {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPrivateAccess": True}}}
    open_ = {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPrivateAccess": {"Ref": "P"}}}}
    resources = {**BODY["Resources"], "Seen": seen, "Open": open_}
    report = report_on({"Parameters": {"P": {"Type": "String"}}, "Resources": resources})
    results = Results(report)
    cases = {case.get("name", "").split()[0]: case for case in ElementTree.fromstring(junit(report)).iter("testcase")}
    passed = {id_ for id_, case in cases.items() if case.find("failure") is None and case.find("skipped") is None}
    assert passed == {c.id for c in CATALOGUE if results.of(c) in {Result.PASS, Result.WAIVED}}
    assert "CP-02" not in passed
    assert "not seen: Payments/Nodes" in (cases["ND-03"].findtext("system-out") or "")
    assert [one.get("message") for one in cases["ND-03"].iter("skipped")] == [
        "the deciding values are not in the input"
    ]


def test_junit_passes_nothing_if_whole_clusters_are_hidden() -> None:
    cases = ElementTree.fromstring(junit(report_on(BODY, hides_eks=True))).iter("testcase")
    assert [
        c.get("name") for c in cases if not any(c.find(k) is not None for k in ("failure", "skipped", "error"))
    ] == []
