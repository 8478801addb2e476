"""One cause is one entry for people; formats for machines keep every finding."""

import json
from datetime import date

import pytest

from hardened_eks.controls.access import (
    break_glass_alarm,
    break_glass_mfa,
    break_glass_session,
    break_glass_trust,
    no_risky_actions,
    no_wildcards,
)
from hardened_eks.controls.control_plane import audit_log, cluster_admin_break_glass, deletion_protection, log_types_all
from hardened_eks.controls.functions import function_traced, function_without_secrets
from hardened_eks.controls.images import ecr_endpoint_policy
from hardened_eks.controls.model import Control
from hardened_eks.controls.network import (
    endpoint_ec2,
    endpoint_ecr_api,
    endpoint_trust_boundary,
    no_auto_public_ip,
    no_internet_gateway_route,
    separate_tiers,
)
from hardened_eks.controls.nodes import imds_hop_limit, imds_v2, private_subnets
from hardened_eks.controls.security_groups import no_world_high_risk_ports
from hardened_eks.controls.stack import (
    addon_tags,
    cluster_tags,
    identity_provider_tags,
    repository_tags,
    required_tags,
)
from hardened_eks.evidence import Assembly, Template, Waiver
from hardened_eks.evidence.views.iam import NOT_KNOWN
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


def test_low_findings_that_say_the_same_are_one_entry() -> None:
    function, cluster = ("AWS::Lambda::Function", {"MemorySize": 256, "Timeout": 5}), ("AWS::EKS::Cluster", {})
    small = ("AWS::Lambda::Function", {"Timeout": 5})
    body = template({"A": function, "B": function, "C": small, "X": cluster, "Y": cluster})
    made = judged(body, function_traced, deletion_protection)
    found = [(g.ids, g.about, g.lead.severity, len(g.entries)) for g in by_cause(made.failing)]
    assert sorted(found) == [
        ("CP-10", "T/X", Severity.HIGH, 1),
        ("CP-10", "T/Y", Severity.HIGH, 1),
        ("FN-06", "T/C", Severity.LOW, 1),
        ("FN-06", "T: 3 resources", Severity.LOW, 3),
    ]
    text = render(made, "text")
    assert "      it is not traced (Mode is PassThrough)\n      T/A, T/B, T/C\n" in text
    assert "at   TracingConfig.Mode and 2 more\n" in text


CAUSES = {
    "public subnets": (
        {
            "Vpc": ("AWS::EC2::VPC", {}),
            "Gateway": ("AWS::EC2::InternetGateway", {}),
            "Table": ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}),
            "Route": ("AWS::EC2::Route", {
                "RouteTableId": {"Ref": "Table"},
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": {"Ref": "Gateway"},
            }),
            "Subnet": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "MapPublicIpOnLaunch": True}),
            "In": ("AWS::EC2::SubnetRouteTableAssociation", {
                "SubnetId": {"Ref": "Subnet"},
                "RouteTableId": {"Ref": "Table"},
            }),
            "Cluster": ("AWS::EKS::Cluster", {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Subnet"}]}}),
            "Group": ("AWS::EKS::Nodegroup", {"Subnets": [{"Ref": "Subnet"}]}),
        },
        (no_auto_public_ip, no_internet_gateway_route, separate_tiers, private_subnets),
    ),
    "logs of the control plane are not exported": (
        {"Cluster": ("AWS::EKS::Cluster", {})},
        (log_types_all, audit_log),
    ),
    "no tag of an owner": (
        {
            "Cluster": ("AWS::EKS::Cluster", {}),
            "Group": ("AWS::EKS::Nodegroup", {}),
            "Addon": ("AWS::EKS::Addon", {}),
            "Issuer": ("AWS::EKS::IdentityProviderConfig", {}),
            "Images": ("AWS::ECR::Repository", {}),
        },
        (cluster_tags, required_tags, addon_tags, identity_provider_tags, repository_tags),
    ),
    "VPC endpoints have the default policy": (
        {"Endpoint": ("AWS::EC2::VPCEndpoint", {"ServiceName": "com.amazonaws.eu-west-1.ecr.api"})},
        (endpoint_trust_boundary, ecr_endpoint_policy),
    ),
    "cluster admin of Admin": (
        {
            "Admin": ("AWS::IAM::Role", {
                "MaxSessionDuration": 43200,
                "AssumeRolePolicyDocument": {
                    "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
                },
            }),
            "Entry": ("AWS::EKS::AccessEntry", {
                "PrincipalArn": {"Fn::GetAtt": ["Admin", "Arn"]},
                "AccessPolicies": [{
                    "PolicyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                    "AccessScope": {"Type": "cluster"},
                }],
            }),
        },
        (cluster_admin_break_glass, break_glass_alarm, break_glass_trust, break_glass_mfa, break_glass_session),
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_controls_that_see_one_cause_are_one_entry(cause: str) -> None:
    resources, controls = CAUSES[cause]
    (group,) = by_cause(judged(template(resources), *controls).failing)
    assert group.title == cause
    assert set(group.controls) == set(controls)


def test_the_worst_leads_and_many_are_counted() -> None:
    tags = next(g for g in by_cause(report(*"ABCDEFG").failing) if g.ids == "CF-07")
    assert tags.messages == (
        "it has no tag that names its owner",
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


@pytest.mark.parametrize(("format_", "mark"), [("markdown", "\n| high |"), ("html", "<article ")])
def test_pages_print_one_entry(format_: str, mark: str) -> None:
    text = render(report("A", "B"), format_)
    assert text.count(mark) == (1 if format_ == "markdown" else 2)
    assert "no launch template" in text
    assert "2 resources" in text


def test_machines_get_every_finding_and_its_cause() -> None:
    made = report("A", "B")
    findings = json.loads(render(made, "json"))["findings"]
    assert sorted((one["control"], one["cause"]) for one in findings) == sorted(
        [("CF-07", "no tag of an owner"), ("ND-03", "no launch template"), ("ND-04", "no launch template")] * 2
    )
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


def allow(*actions: str) -> dict[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def policies(**named: list[dict[str, object]]) -> dict[str, object]:
    return template(
        {name: ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": all_}}) for name, all_ in named.items()}
    )


def test_wide_statements_of_one_policy_are_one_entry() -> None:
    """The shape of policies that controllers of Kubernetes ship: many statements for every resource."""
    body = policies(
        Balancer=[
            allow("elasticloadbalancing:DeleteListener"),
            allow("acm:DescribeCertificate"),
            allow("s3:GetObject"),
        ],
        Other=[allow("sqs:SendMessage")],
    )
    groups = by_cause(judged(body, no_wildcards, no_risky_actions).failing)
    assert sorted((g.ids, g.about, g.lead.severity, g.messages) for g in groups) == [
        (
            "IA-03",
            "T/Other",
            Severity.MEDIUM,
            ("every resource for sqs:SendMessage",),
        ),
        (
            "IA-03 IA-04",
            "T/Balancer",
            Severity.HIGH,
            (
                "IA-03: every resource for elasticloadbalancing:DeleteListener",
                "IA-03: every resource for s3:GetObject",
                "IA-03: every resource for acm:DescribeCertificate",
                "IA-04: s3:GetObject on every resource reads every bucket",
            ),
        ),
    ]


def test_a_policy_that_nobody_knows_is_one_entry() -> None:
    body = {
        **template({"P": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Ref": "Document"}})}),
        "Parameters": {"Document": {"Type": "String"}},
    }
    (group,) = by_cause(judged(body, no_wildcards, no_risky_actions).failing)
    (message,) = group.messages
    assert message.startswith(f"IA-03 IA-04: {NOT_KNOWN}")


def test_many_messages_are_counted() -> None:
    body = policies(P=[allow(f"sqs:SendMessage{number}") for number in range(12)])
    (group,) = by_cause(judged(body, no_wildcards).failing)
    assert len(group.messages) == 11
    assert group.messages[-1] == "and 2 more"


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["ec2:GetCoipPoolUsage", "acm:DescribeCertificate"], "low"),
        (["ec2:CreateSecurityGroup"], "low"),
        (["iam:GetServerCertificate", "wafv2:AssociateWebACL"], "medium"),
        (["cognito-idp:DescribeUserPoolClient"], "medium"),
        (["ec2:Get*"], "medium"),
        (["ec2:GetPasswordData"], "medium"),
        (["dynamodb:GetItem"], "medium"),
    ],
)
def test_names_and_settings_of_every_resource_are_low(actions: list[str], expected: str) -> None:
    assert severities(policies(P=[allow(*actions)]), no_wildcards) == [
        ("PolicyDocument.Statement.0.Resource", expected)
    ]


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
