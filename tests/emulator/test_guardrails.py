"""Guardrails and the recorder of AWS Config, deployed, changed, refused and destroyed."""

import copy
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.guardrails import Settings, organization_guardrails
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import REGION

pytestmark = pytest.mark.emulator

ACCOUNT = "123456789012"
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


def synthesized(make: Any) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(account=ACCOUNT, region=REGION))
    make(stack)
    return dict(Template.from_stack(stack).to_json())


@pytest.fixture(scope="module")
def policies() -> dict[str, Any]:
    return synthesized(lambda stack: hardened.Guardrails(stack, "Guardrails", targets=[ACCOUNT]))


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    return synthesized(lambda stack: hardened.ConfigRecorder(stack, "Recorder"))


def attached(account: Account, type_: str = SCP) -> dict[str, str]:
    found = account.client("organizations").list_policies_for_target(TargetId=ACCOUNT, Filter=type_)["Policies"]
    return {policy["Name"]: policy["Id"] for policy in found if not policy["AwsManaged"]}


def test_policies_are_attached_changed_and_detached(account: Account, policies: dict[str, Any]) -> None:
    account.deploy("guardrails", policies)
    expected = organization_guardrails(Settings())
    held = attached(account)
    assert set(held) == {guardrail.name for guardrail in expected}
    client = account.client("organizations")
    for guardrail in expected:
        content = client.describe_policy(PolicyId=held[guardrail.name])["Policy"]["Content"]
        assert json.loads(content) == guardrail.content
    changed = synthesized(
        lambda stack: hardened.Guardrails(stack, "Guardrails", targets=[ACCOUNT], creators=["cluster-maker"])
    )
    account.deploy("guardrails", changed)
    assert attached(account) == held
    assert "role/cluster-maker" in client.describe_policy(PolicyId=held["hardened-eks-access"])["Policy"]["Content"]
    account.delete("guardrails")
    assert attached(account) == {}
    assert [p for p in client.list_policies(Filter=SCP)["Policies"] if not p["AwsManaged"]] == []


def test_a_type_that_is_not_switched_on_is_refused_and_rolled_back(account: Account) -> None:
    template = synthesized(
        lambda stack: hardened.Guardrails(stack, "Guardrails", targets=[ACCOUNT], organization="o-exampleorg1")
    )
    with pytest.raises(StackFailed, match="PolicyTypeNotEnabledException"):
        account.deploy("guardrails", template)
    assert attached(account) == {}
    client = account.client("organizations")
    (root,) = client.list_roots()["Roots"]
    client.enable_policy_type(RootId=root["Id"], PolicyType=RCP)
    account.delete("guardrails")
    account.deploy("guardrails", template)
    assert list(attached(account, RCP)) == ["hardened-eks-data"]


def test_what_the_size_check_keeps_from_being_deployed(account: Account, policies: dict[str, Any]) -> None:
    """The construct refuses it at synth; CloudFormation takes it, and Organizations does not."""
    wide = copy.deepcopy(policies)
    statements = next(iter(wide["Resources"].values()))["Properties"]["Content"]["Statement"]
    statements += [
        {**statement, "Sid": f"Again{n}{statement['Sid']}"} for n in range(2) for statement in list(statements)
    ]
    with pytest.raises(StackFailed, match="maximum policy content size"):
        account.deploy("guardrails", wide)


def test_a_second_set_needs_names_of_its_own(account: Account, policies: dict[str, Any]) -> None:
    account.deploy("guardrails", policies)
    with pytest.raises(StackFailed, match="DuplicatePolicyException"):
        account.deploy("again", policies)
    account.delete("again")
    account.deploy(
        "again", synthesized(lambda stack: hardened.Guardrails(stack, "G", targets=[ACCOUNT], name_prefix="bank"))
    )
    assert len(attached(account)) == 6


def test_the_recorder_records_and_stops(account: Account, recording: dict[str, Any]) -> None:
    made = account.deploy("governance", recording)
    config = account.client("config")
    (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert recorder["recordingGroup"] == {"allSupported": True, "includeGlobalResourceTypes": True}
    assert recorder["roleARN"].endswith("/AWSServiceRoleForConfig")
    (channel,) = config.describe_delivery_channels()["DeliveryChannels"]
    assert channel["s3BucketName"] in made.values()
    assert [
        one["recording"] for one in config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    ] == [True]
    account.delete("governance")
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
    assert config.describe_delivery_channels()["DeliveryChannels"] == []


def test_a_second_recorder_is_refused_by_the_account(account: Account, recording: dict[str, Any]) -> None:
    account.deploy("governance", recording)
    with pytest.raises(StackFailed, match="MaxNumberOf(ConfigurationRecorders|DeliveryChannels)ExceededException"):
        account.deploy("again", recording)
    assert len(account.client("config").describe_configuration_recorders()["ConfigurationRecorders"]) == 1


def test_a_channel_without_the_bucket_policy_is_refused(account: Account, recording: dict[str, Any]) -> None:
    bare = copy.deepcopy(recording)
    channel = next(one for one in bare["Resources"].values() if one["Type"] == "AWS::Config::DeliveryChannel")
    for name in channel.pop("DependsOn"):
        del bare["Resources"][name]
    with pytest.raises(StackFailed, match="Insufficient delivery policy"):
        account.deploy("governance", bare)
