"""Route 53 Profiles of an account: what a VPC gets by one is collected, and judged by NW-24."""

from __future__ import annotations

from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources.account.reading import Seen, read
from hardened_eks.sources.account.saving import environment
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws

NW24 = [one for one in CATALOGUE if one.id == "NW-24"]
RULE = f"arn:aws:route53resolver:{REGION}:{ACCOUNT}:resolver-rule/rslvr-rr-1"
ENDPOINT = f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-endpoint/vpce-0b1"
ZONE = "arn:aws:route53:::hostedzone/Z1"


def with_profile(*arns: str, status: str = "NOT_SHARED", vpc: str = "vpc-0a1") -> DoubleOfAws:
    double = DoubleOfAws()
    double.answers |= {
        "route53profiles:ListProfileAssociations": {"ProfileAssociations": [
            {"Id": "rpassoc-1", "Name": "vpc", "ProfileId": "rp-1", "ResourceId": vpc, "Status": "COMPLETE"},
            {"Id": "rpassoc-2", "Name": "vpc", "ProfileId": "rp-2", "ResourceId": vpc, "Status": "DELETING"}]},
        "route53profiles:ListProfiles": {"ProfileSummaries": [{"Id": "rp-1", "Name": "corp", "ShareStatus": status}]},
        "route53profiles:ListProfileResourceAssociations": {"ProfileResourceAssociations": [
            {"Id": f"rpr-{n}", "Name": str(n), "ProfileId": "rp-1", "ResourceArn": arn} for n, arn in enumerate(arns)]},
        "route53resolver:GetResolverRule": lambda a: {"ResolverRule": {
            "Arn": RULE, "RuleType": "FORWARD", "DomainName": "corp.example", "TargetIps": [{"Ip": "10.9.0.2"}]}},
        "route53:GetHostedZone": {"HostedZone": {"Id": "/hostedzone/Z1", "Name": "corp.example."}},
        "ec2:DescribeVpcEndpoints": lambda a: {"VpcEndpoints": [
            {"VpcEndpointId": id_, "VpcId": "vpc-0b1", "ServiceName": "s"} for id_ in a.get("VpcEndpointIds", ())]},
    }  # fmt: skip
    return double


def seen(double: DoubleOfAws) -> Seen:
    return read(double.clients(), ACCOUNT, REGION)


def judged(found: Seen) -> Outcome:
    return evaluate(environment(found).load().assembly, NW24)


def of(found: Seen, type_: str) -> list[dict[str, Any]]:
    return [one.properties for one in found.found if one.type == f"AWS::{type_}"]


def test_what_a_profile_of_the_account_carries_is_found() -> None:
    found = seen(with_profile(RULE, ENDPOINT, ZONE))
    assert found.refusals == []
    assert of(found, "Route53Profiles::ProfileAssociation") == [
        {"Id": "rpassoc-1", "Name": "vpc", "ProfileId": "rp-1", "ResourceId": "vpc-0a1"}
    ]
    assert of(found, "Route53Profiles::Profile") == [{"Id": "rp-1", "Name": "corp"}]
    assert len(of(found, "Route53Profiles::ProfileResourceAssociation")) == 3
    assert [one["DomainName"] for one in of(found, "Route53Resolver::ResolverRule")] == ["corp.example"]
    assert [one["Id"] for one in of(found, "EC2::VPCEndpoint")] == ["vpce-0b1"]
    assert [one["Name"] for one in of(found, "Route53::HostedZone")] == ["corp.example."]
    outcome = judged(found)
    assert outcome.findings == ()
    assert outcome.examined[NW24[0]] == 5  # the rule, the profile in the VPC, three things in it


def test_a_rule_in_a_profile_is_judged_as_one_in_a_vpc() -> None:
    double = with_profile(RULE)
    double.answers["route53resolver:GetResolverRule"] = {
        "ResolverRule": {"Arn": RULE, "RuleType": "FORWARD", "DomainName": ".", "TargetIps": [{"Ip": "10.9.0.2"}]}
    }
    assert [one.problem.path for one in judged(seen(double)).findings] == ["DomainName"]


def test_a_profile_that_another_account_shares_is_a_finding() -> None:
    double = with_profile(ZONE, status="SHARED_WITH_ME")
    found = seen(double)
    assert of(found, "Route53Profiles::Profile") == []
    assert double.calls["route53profiles:ListProfileResourceAssociations"] == 0
    (finding,) = judged(found).findings
    assert (finding.problem.path, "rp-1" in finding.problem.message) == ("ProfileId", True)


@pytest.mark.parametrize(
    "arn",
    [RULE.replace(ACCOUNT, "999999999999"), "arn:aws:route53:::hostedzone/Z2", ENDPOINT.replace("endpoint/", "door/")],
)
def test_what_is_of_another_account_is_a_finding(arn: str) -> None:
    double = with_profile(arn)
    double.refuse("route53:GetHostedZone", "NoSuchHostedZone")
    found = seen(double)
    assert found.refusals == []
    assert [one.problem.path for one in judged(found).findings] == ["ResourceArn"]


def test_the_profile_of_another_vpc_is_not_the_cluster_s() -> None:
    assert of(seen(with_profile(RULE, vpc="vpc-0c1")), "Route53Profiles::ProfileAssociation") == []


@pytest.mark.parametrize(
    "call",
    ["route53profiles:ListProfileAssociations", "route53profiles:ListProfiles",
     "route53profiles:ListProfileResourceAssociations", "route53:GetHostedZone", "route53resolver:GetResolverRule",
     "ec2:DescribeVpcEndpoints"],
)  # fmt: skip
def test_what_may_not_be_read_is_no_pass_and_no_finding(call: str) -> None:
    double = with_profile(RULE, ZONE, ENDPOINT)
    double.refuse(call)
    found = environment(seen(double))
    assert "AWS::Route53Profiles::ProfileResourceAssociation" in found.hidden
    outcome = evaluate(found.load().assembly, NW24)
    assert outcome.findings == ()
    assert outcome.verdict != "pass"
