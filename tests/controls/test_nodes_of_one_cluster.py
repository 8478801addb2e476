"""SG-05 on nodes of one cluster in two security groups, one of which another template created."""

from __future__ import annotations

from typing import Any

import pytest

from hardened_eks.controls.security_groups import narrow_ingress
from tests.controls.cases import findings, template

OURS = {"Fn::GetAtt": ["Nodes", "GroupId"]}
THEIRS = "sg-0a1b2c3d4e5f60711"


def ingress(server: Any, client: Any, protocol: str = "tcp", last: int = 65535) -> tuple[str, dict[str, Any]]:
    ports = {"IpProtocol": protocol, "FromPort": 0, "ToPort": last, "Description": "pods"}
    return "AWS::EC2::SecurityGroupIngress", {"GroupId": server, "SourceSecurityGroupId": client, **ports}


def judged(**resources: tuple[str, dict[str, Any]]) -> list[str]:
    parts = {
        "Nodes": ("AWS::EC2::SecurityGroup", {"GroupDescription": "nodes", "VpcId": "vpc-1"}),
        "Template": (
            "AWS::EC2::LaunchTemplate",
            {"LaunchTemplateData": {"NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [OURS]}]}},
        ),
        "Group": ("AWS::EKS::Nodegroup", {"LaunchTemplate": {"Id": {"Ref": "Template"}}}),
        **resources,
    }
    return findings(narrow_ingress, template({name: part for name, part in parts.items() if part[0]}))


def test_both_ways_between_nodes() -> None:
    assert judged(In=ingress(OURS, THEIRS), Out=ingress(THEIRS, OURS)) == []


@pytest.mark.parametrize(
    "other",
    {
        "one way only": {},
        "fewer ports back": {"Out": ingress(THEIRS, OURS, last=500)},
        "another protocol back": {"Out": ingress(THEIRS, OURS, protocol="udp")},
        "another group back": {"Out": ingress("sg-0f1b2c3d4e5f60799", OURS)},
        "not of a node group": {"Out": ingress(THEIRS, OURS), "Group": ("AWS::SNS::Topic", {})},
        "nodes without the group": {"Out": ingress(THEIRS, OURS), "Template": ("AWS::EC2::LaunchTemplate", {})},
    }.values(),
)
def test_anything_less_is_found(other: dict[str, Any]) -> None:
    assert "ToPort: 65536 ports are open (tcp 0-65535)" in judged(In=ingress(OURS, THEIRS), **other)
