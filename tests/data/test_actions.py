"""Which actions know no resource."""

import json
from importlib.resources import files

import pytest

from hardened_eks.data import actions
from tools.actions import compress, creating


@pytest.mark.parametrize(
    "action",
    ["pricing:GetProducts", "secretsmanager:ListSecrets", "SECRETSMANAGER:listsecrets", "pricing:*",
     "autoscaling:DescribeAuto*", "ec2:DescribeAvailabilityZones"],
)  # fmt: skip
def test_only_a_star_is_possible(action: str) -> None:
    assert actions.without_resources(action)


@pytest.mark.parametrize(
    "action",
    ["secretsmanager:GetSecretValue", "secretsmanager:List*", "secretsmanager:*", "ec2:RunInstances", "ec2:Describe*",
     "s3:GetObject", "nothing:Known", "*", "pricing", "${Service}:ListSecrets"],
)  # fmt: skip
def test_a_resource_can_be_named_or_nobody_knows(action: str) -> None:
    assert not actions.without_resources(action)


def test_the_source_is_told() -> None:
    assert "service-authorization" in actions.source()
    assert "read 20" in actions.source()


def test_patterns_match_no_action_with_a_resource() -> None:
    found = compress({"ListAll": False, "ListSome": False, "GetAll": False, "GetOne": True, "PutOne": True})
    assert found == ["GetAll", "List*"]
    assert compress({"A": False, "B": False}) == ["*"]
    assert compress({"A": True}) == []
    assert compress({}) == []


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("ec2:CreateDhcpOptions", True),
        ("EC2:createvpngateway", True),
        ("ec2:CreateSecurityGroup", False),  # its VPC can be named
        ("ec2:CreateKeyPair", False),  # has the caller's name
        ("ec2:CreateRoute", False),  # changes a table that exists
        ("s3:CreateBucket", False),
        ("ec2:Create*", False),
    ],
)
def test_what_ec2_gives_an_id_cannot_be_named(action: str, expected: bool) -> None:
    assert actions.creates_unnamed(action) is expected


def test_new_things_are_those_that_an_action_is_named_after() -> None:
    types = {
        "CreateVpnGateway": ["vpn-gateway"],
        "CreateVolume": ["snapshot", "volume"],
        "CreateKeyPair": ["key-pair"],
        "CreateRoute": ["route-table"],
        "CopySnapshot": ["snapshot"],
        "CreateThing": [],
    }
    assert creating("ec2", types) == ["CreateVpnGateway"]
    assert creating("s3", {"CreateBucket": ["bucket"]}) == []


def test_one_service_a_line() -> None:
    text = files("hardened_eks.data").joinpath("actions.json").read_text("utf-8")
    assert len(text.splitlines()) == len(json.loads(text)["without_resources"]) + 7
