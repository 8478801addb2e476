"""One cause is one entry for people; formats for machines keep every finding."""

import json
from datetime import date

import pytest

from hardened_eks.controls.functions import function_without_secrets
from hardened_eks.controls.model import Control
from hardened_eks.controls.network import endpoint_ec2, endpoint_ecr_api
from hardened_eks.controls.nodes import imds_hop_limit, imds_v2
from hardened_eks.controls.security_groups import no_world_high_risk_ports
from hardened_eks.controls.stack import required_tags
from hardened_eks.evidence import Assembly, Template, Waiver
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports import Report, render
from hardened_eks.reports.causes import by_cause
from hardened_eks.severity import Severity
from tests.controls.cases import template

DAY = date(2026, 11, 29)
GROUP = ("AWS::EKS::Nodegroup", {"AmiType": "BOTTLEROCKET_ARM_64"})
CONTROLS = (imds_v2, imds_hop_limit, required_tags)


def report(*names: str, stacks: tuple[str, ...] = ("Payments",), waivers: tuple[Waiver, ...] = ()) -> Report:
    body = template({name: GROUP for name in names})
    outcome = evaluate(Assembly([Template(s, body) for s in stacks]), CONTROLS, waivers=waivers, today=DAY)
    return Report(outcome=outcome, day=DAY, stacks=len(stacks))


def test_findings_of_one_cause_are_one_group_for_each_template() -> None:
    groups = by_cause(report("A", "B", stacks=("One", "Two")).failing)
    assert sorted((g.ids, g.about, len(g.entries)) for g in groups) == [
        ("CF-07", "One: 2 resources", 2),
        ("CF-07", "Two: 2 resources", 2),
        ("ND-03 ND-04", "One: 2 resources", 4),
        ("ND-03 ND-04", "Two: 2 resources", 4),
    ]


def test_what_has_no_cause_stays_alone(everything: Report) -> None:
    assert [g.entries for g in by_cause(everything.entries)] == [(entry,) for entry in everything.entries]


def test_the_worst_leads_and_many_are_counted() -> None:
    tags = next(g for g in by_cause(report(*"ABCDEFG").failing) if g.ids == "CF-07")
    assert tags.messages == (
        "it has no tag of its owner",
        "Payments/A, Payments/B, Payments/C, Payments/D, Payments/E and 2 more",
    )
    assert tags.title == required_tags.title
    template_ = by_cause(report("A").failing)[0]
    assert (template_.title, template_.about) == ("no launch template", "Payments/A")
    assert template_.fixes == (imds_v2.fix, imds_hop_limit.fix)


def test_text_prints_one_entry_with_all_ids() -> None:
    text = render(report("A"), "text")
    assert "FAIL ND-03 ND-04 high  no launch template" in text
    assert "ND-03: a node group without a launch template accepts IMDSv1" in text
    assert text.count("FAIL") == 2
    many = render(report("A", "B"), "text")
    assert "Payments: 2 resources\n  FAIL CF-07 low" in many
    assert many.count("FAIL") == 2
    assert "failed: 6 findings" in many, "the count is of findings"


@pytest.mark.parametrize(("format_", "mark"), [("markdown", "\n| high |"), ("html", "<article>")])
def test_pages_print_one_entry(format_: str, mark: str) -> None:
    text = render(report("A", "B"), format_)
    assert text.count(mark) == (1 if format_ == "markdown" else 2)
    assert "no launch template" in text
    assert "2 resources" in text


def test_machines_get_every_finding() -> None:
    made = report("A", "B")
    assert len(json.loads(render(made, "json"))["findings"]) == 6
    assert len(json.loads(render(made, "sarif"))["runs"][0]["results"]) == 6


def test_a_waived_finding_leaves_its_group() -> None:
    lifted = Waiver(control="ND-03", scope="Payments/A", reason="tried out for a week", until=DAY)
    made = report("A", waivers=(lifted,))
    assert sorted(g.ids for g in by_cause(made.failing)) == ["CF-07", "ND-04"]
    assert next(g for g in by_cause(made.failing) if g.ids == "ND-04").title == imds_hop_limit.title


def test_a_cause_outlives_the_choices_of_a_template() -> None:
    """Findings that hold in one branch only are written anew, with their cause."""
    body = {
        **template({"A": ("AWS::EKS::Nodegroup", {
            "AmiType": "BOTTLEROCKET_ARM_64",
            "LaunchTemplate": {"Fn::If": ["Own", {"Id": "lt-1"}, {"Ref": "AWS::NoValue"}]},
        })}),
        "Parameters": {"Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]}},
        "Conditions": {"Own": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    }  # fmt: skip
    findings = evaluate(Assembly([Template("T", body)]), [imds_v2, imds_hop_limit], today=DAY).findings
    assert [f.problem.cause for f in findings] == ["no launch template"] * 2
    assert all("Stage = dev" in f.problem.message for f in findings)


def judged(body: dict[str, object], *controls: Control) -> Report:
    return Report(outcome=evaluate(Assembly([Template("T", body)]), controls, today=DAY), day=DAY)


def severities(body: dict[str, object], control: Control) -> list[tuple[str, str]]:
    return [(e.property_path, str(e.severity)) for e in judged(body, control).failing]


PLAIN = template({"F": ("AWS::Lambda::Function", {"Environment": {"Variables": {"STAGE": "prod"}}})})


def test_the_severity_is_that_of_what_was_seen() -> None:
    variables = {"Environment": {"Variables": {"DB_PASSWORD": "hunter2", "STAGE": "prod"}}}
    function = template({"F": ("AWS::Lambda::Function", variables)})
    assert severities(function, function_without_secrets) == [
        ("Environment.Variables.DB_PASSWORD", "high"),
        ("KmsKeyArn", "medium"),
    ]
    rule = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379}
    rules = [{**rule, "CidrIp": "0.0.0.0/0"}, {**rule, "CidrIp": {"Ref": "Office"}}]
    group = template(
        {"G": ("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": rules})}, Parameters={"Office": {"Type": "String"}}
    )
    assert severities(group, no_world_high_risk_ports) == [
        ("SecurityGroupIngress.0.CidrIp", "critical"),
        ("SecurityGroupIngress.1.CidrIp", "high"),
    ]


def test_formats_print_the_severity_of_the_finding() -> None:
    made = judged(PLAIN, function_without_secrets)
    assert "FAIL FN-05 medium" in render(made, "text")
    assert "| medium | [FN-05]" in render(made, "markdown")
    assert '<span class="tag medium">' in render(made, "html")
    assert json.loads(render(made, "json"))["findings"][0]["severity"] == "medium"
    assert json.loads(render(made, "sarif"))["runs"][0]["results"][0]["level"] == "warning"


def test_what_is_mild_is_a_warning_where_only_worse_fails() -> None:
    outcome = evaluate(Assembly([Template("T", PLAIN)]), [function_without_secrets], fail_on=Severity.HIGH, today=DAY)
    assert (len(outcome.findings), len(outcome.warnings)) == (0, 1)


def test_missing_endpoints_are_one_entry() -> None:
    subnet = ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}})
    cluster = ("AWS::EKS::Cluster", {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Subnet"}]}})
    body = template({"Vpc": ("AWS::EC2::VPC", {}), "Subnet": subnet, "Cluster": cluster})
    groups = by_cause(judged(body, endpoint_ec2, endpoint_ecr_api).failing)
    assert [(g.title, len(g.entries)) for g in groups] == [("VPC endpoints are missing", 2)]
