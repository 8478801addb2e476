"""Defaults of an account, the boundary, saved queries and a changed recorder, as describe calls show them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.governance._queries import QUERIES
from hardened_eks.guardrails import Settings, boundary
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]


def synthesized(make: Callable[[cdk.Stack], object]) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Part", env=cdk.Environment(account=ACCOUNT, region=REGION))
    make(stack)
    return dict(Template.from_stack(stack).to_json())


@pytest.fixture(scope="module")
def defaults() -> dict[str, Any]:
    def make(stack: cdk.Stack) -> None:
        hardened.AccountDefaults(stack, "Defaults", vpc="block-ingress", unused_access_days=90)
        hardened.PermissionsBoundary(stack, "Boundary")
        hardened.Trail(stack, "Trail")

    return synthesized(make)


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    return synthesized(lambda stack: hardened.ConfigRecorder(stack, "Recorder"))


def settings(account: Account) -> dict[str, Any]:
    ec2 = account.client("ec2")
    block = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    sharing = "/ssm/documents/console/public-sharing-permission"
    return {
        "snapshots": ec2.get_snapshot_block_public_access_state()["State"],
        "vpc": block["InternetGatewayBlockMode"],
        "documents": account.client("ssm").get_service_setting(SettingId=sharing)["ServiceSetting"]["SettingValue"],
    }


def test_the_defaults_are_set_and_outlive_the_stack(account: Account, defaults: dict[str, Any]) -> None:
    before = settings(account)
    account.deploy("Defaults", defaults)
    wanted = {"snapshots": "block-all-sharing", "vpc": "block-ingress", "documents": "Disable"}
    assert settings(account) == wanted
    assert not wanted.items() & before.items()
    (analyzer,) = account.client("accessanalyzer").list_analyzers()["analyzers"]
    assert analyzer["type"] == "ACCOUNT_UNUSED_ACCESS"
    account.delete("Defaults")
    assert settings(account) == wanted


def test_another_mode_is_an_update(account: Account, defaults: dict[str, Any]) -> None:
    account.deploy("Defaults", defaults)
    other = copy.deepcopy(defaults)
    (options,) = [r for r in other["Resources"].values() if r["Type"] == "AWS::EC2::VPCBlockPublicAccessOptions"]
    options["Properties"]["InternetGatewayBlockMode"] = "block-bidirectional"
    account.deploy("Defaults", other)
    assert settings(account)["vpc"] == "block-bidirectional"


def test_the_boundary_is_that_of_the_data_and_bounds_a_role(account: Account, defaults: dict[str, Any]) -> None:
    made = account.deploy("Defaults", defaults)
    (arn,) = [made[i] for i in defaults["Resources"] if i.startswith("BoundaryPolicy")]
    iam = account.client("iam")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert document == boundary(Settings(partition="aws")).content
    trust = '{"Version": "2012-10-17", "Statement": []}'
    iam.create_role(RoleName="people", AssumeRolePolicyDocument=trust, PermissionsBoundary=arn)
    assert iam.get_role(RoleName="people")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn


def test_the_queries_are_saved_for_people(account: Account, defaults: dict[str, Any]) -> None:
    made = account.deploy("Defaults", defaults)
    (group,) = [made[i] for i, r in defaults["Resources"].items() if r["Type"] == "AWS::Logs::LogGroup"]
    found = account.client("logs").describe_query_definitions(queryDefinitionNamePrefix="hardened-eks/trail/")
    saved = {one["name"].rpartition("/")[2]: one for one in found["queryDefinitions"]}
    assert {name: one["queryString"] for name, one in saved.items()} == QUERIES
    assert {tuple(one["logGroupNames"]) for one in saved.values()} == {(group,)}
    account.delete("Defaults")
    assert account.client("logs").describe_query_definitions()["queryDefinitions"] == []


def test_a_recorder_is_changed_and_a_bad_change_rolls_back(account: Account, recording: dict[str, Any]) -> None:
    config = account.client("config")
    account.deploy("Recorder", recording)
    (before,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    account.deploy(
        "Recorder", synthesized(lambda stack: hardened.ConfigRecorder(stack, "Recorder", global_types=False))
    )
    (after,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert after["name"] == before["name"]
    assert after["recordingGroup"]["recordingStrategy"] == {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}
    assert "AWS::IAM::Role" in after["recordingGroup"]["exclusionByResourceTypes"]["resourceTypes"]
    wrong = copy.deepcopy(recording)
    (channel,) = [r for r in wrong["Resources"].values() if r["Type"] == "AWS::Config::DeliveryChannel"]
    channel["Properties"]["S3BucketName"] = "nowhere"
    with pytest.raises(StackFailed, match="NoSuchBucketException"):
        account.deploy("Recorder", wrong)
    (left,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert left["recordingGroup"] == after["recordingGroup"]
    (status,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert status["recording"] is True
