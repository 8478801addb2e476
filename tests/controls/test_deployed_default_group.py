"""NW-02 in an account: the default security group is there itself, and its rules are what counts."""

from typing import Any

import pytest

from hardened_eks.controls.network import default_security_group_closed
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate

NOTHING = [{"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}]
"""How evidence of an account writes a group that lets nothing out."""


def told(**rules: Any) -> list[str]:
    group = {"GroupId": "sg-1", "GroupName": "default", "VpcId": "vpc-1", "SecurityGroupEgress": NOTHING, **rules}
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"VpcId": "vpc-1", "DefaultSecurityGroup": "sg-1"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
    }
    assembly = Assembly([Template("111122223333:eu-west-1", {"Resources": resources})], regions=["eu-west-1"])
    outcome = evaluate(assembly, [default_security_group_closed])
    assert outcome.resources == 1
    return [finding.problem.message for finding in outcome.findings]


def test_without_a_rule_it_passes() -> None:
    assert told() == []


@pytest.mark.parametrize(
    "rules",
    [
        {"SecurityGroupIngress": [{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-1"}]},
        {"SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]},
        {"SecurityGroupEgress": [*NOTHING, {"IpProtocol": "-1", "CidrIpv6": "::/0"}]},
    ],
)
def test_with_a_rule_it_fails(rules: dict[str, Any]) -> None:
    assert told(**rules) == ["its default security group sg-1 has rules"]
