"""What identifies a resource comes from the provider schemas, and is not stale."""

import json
from typing import Any

import pytest

from hardened_eks.evidence import identifiers
from tools.identifiers import FILE, document, text, types

STORED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_data_is_what_the_schemas_say() -> None:
    assert STORED["types"] == document(STORED["read"])["types"], "stale: python -m tools.identifiers"


def test_the_data_covers_every_type_that_the_package_names() -> None:
    assert list(STORED["types"]) == types()


def test_the_file_is_as_the_tool_writes_it() -> None:
    assert FILE.read_text(encoding="utf-8") == text(STORED)


@pytest.mark.parametrize(
    ("type_", "ids", "names"),
    [
        ("AWS::EC2::Subnet", ("SubnetId",), ()),
        ("AWS::IAM::Role", ("Arn", "RoleId"), ("RoleName",)),
        ("AWS::EKS::Cluster", ("Arn", "Id"), ("Name",)),
        ("AWS::EC2::SecurityGroup", ("Id", "GroupId"), ("GroupName",)),
        ("AWS::KMS::Key", ("KeyId", "Arn"), ()),
        ("AWS::SNS::Topic", ("TopicArn",), ("TopicName",)),
        ("AWS::EKS::Addon", ("Arn",), ()),
        # What belongs to somebody else: the bucket of a policy, the function of a URL, the account.
        ("AWS::S3::BucketPolicy", (), ()),
        ("AWS::Lambda::Url", (), ()),
        ("AWS::ECR::RegistryPolicy", (), ()),
        ("AWS::CloudTrail::Trail", ("Arn",), ("TrailName",)),
        ("AWS::EC2::Instance", ("InstanceId",), ()),
        # Without data: what is named after the type.
        ("Vendor::Thing::Widget", ("Arn", "WidgetArn", "Id", "WidgetId"), ("Name", "WidgetName")),
    ],
)
def test_own_identifiers(type_: str, ids: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert (identifiers.own(type_).ids, identifiers.own(type_).names) == (ids, names)


@pytest.mark.parametrize(
    ("key", "type_", "asks"),
    [
        ("Roles", "AWS::IAM::Role", True),
        ("RoleName", "AWS::IAM::Role", True),
        ("S3BucketName", "AWS::S3::Bucket", True),
        ("Bucket", "AWS::S3::Bucket", True),
        ("ClusterName", "AWS::EKS::Cluster", True),
        ("EventBusName", "AWS::Events::EventBus", True),
        ("LogGroupName", "AWS::Logs::LogGroup", True),
        ("LogGroupName", "AWS::IAM::Group", False),
        ("Namespace", "AWS::EKS::Cluster", False),
        ("Value", "AWS::IAM::Role", False),
    ],
)
def test_which_property_takes_which_name(key: str, type_: str, asks: bool) -> None:
    assert identifiers.asks_for(key, type_) is asks
