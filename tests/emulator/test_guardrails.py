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
SCP, RCP, DECLARATIVE = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "DECLARATIVE_POLICY_EC2"
RECORDER, CHANNEL = "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"


def synthesized(make: Any) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(account=ACCOUNT, region=REGION))
    make(stack)
    return dict(Template.from_stack(stack).to_json())


@pytest.fixture(scope="module")
def policies() -> dict[str, Any]:
    return synthesized(lambda stack: hardened.Guardrails(stack, "Guardrails", target_ids=[ACCOUNT]))


@pytest.fixture(scope="module")
def every_type() -> dict[str, Any]:
    """Policies of three types, of two constructs."""

    def make(stack: cdk.Stack) -> None:
        hardened.OrganizationDefaults(stack, "Defaults", target_ids=[ACCOUNT])
        hardened.Guardrails(stack, "Guardrails", target_ids=[ACCOUNT], organization_id="o-exampleorg1")

    return synthesized(make)


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    return synthesized(lambda stack: hardened.ConfigRecorder(stack, "Recorder"))


def attached(account: Account, type_: str = SCP) -> dict[str, str]:
    found = account.client("organizations").list_policies_for_target(TargetId=ACCOUNT, Filter=type_)["Policies"]
    return {policy["Name"]: policy["Id"] for policy in found if not policy["AwsManaged"]}


def enable(account: Account, *types: str) -> None:
    client = account.client("organizations")
    (root,) = client.list_roots()["Roots"]
    for type_ in types:
        client.enable_policy_type(RootId=root["Id"], PolicyType=type_)


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
        lambda stack: hardened.Guardrails(stack, "Guardrails", target_ids=[ACCOUNT], creator_roles=["cluster-maker"])
    )
    account.deploy("guardrails", changed)
    assert attached(account) == held
    assert "role/cluster-maker" in client.describe_policy(PolicyId=held["hardened-eks-access"])["Policy"]["Content"]
    account.delete("guardrails")
    assert attached(account) == {}
    assert [p for p in client.list_policies(Filter=SCP)["Policies"] if not p["AwsManaged"]] == []


def test_a_type_that_is_not_switched_on_is_refused_and_rolled_back(account: Account) -> None:
    template = synthesized(
        lambda stack: hardened.Guardrails(stack, "Guardrails", target_ids=[ACCOUNT], organization_id="o-exampleorg1")
    )
    with pytest.raises(StackFailed, match="PolicyTypeNotEnabledException"):
        account.deploy("guardrails", template)
    assert attached(account) == {}
    enable(account, RCP)
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


@pytest.mark.parametrize(("type_", "most"), [(RCP, 5_120), (DECLARATIVE, 10_000)])
def test_other_types_have_limits_of_their_own(
    account: Account, every_type: dict[str, Any], type_: str, most: int
) -> None:
    """CloudFormation's schema takes a million characters."""
    template = copy.deepcopy(every_type)
    enable(account, RCP, DECLARATIVE)
    (policy,) = [r["Properties"] for r in template["Resources"].values() if r["Properties"].get("Type") == type_]
    size = len(json.dumps(policy["Content"], separators=(",", ":")))
    assert size <= most
    policy["Content"]["_"] = "x" * (most - size - len(',"_":""'))
    account.deploy("guardrails", template)
    policy["Content"]["_"] += "x"
    with pytest.raises(StackFailed, match=f"{most + 1} of {most}"):
        account.deploy("guardrails", template)


def test_a_second_set_needs_names_of_its_own(account: Account, policies: dict[str, Any]) -> None:
    account.deploy("guardrails", policies)
    with pytest.raises(StackFailed, match="DuplicatePolicyException"):
        account.deploy("again", policies)
    account.delete("again")
    account.deploy(
        "again", synthesized(lambda stack: hardened.Guardrails(stack, "G", target_ids=[ACCOUNT], name_prefix="bank"))
    )
    assert len(attached(account)) == 6


def test_policies_at_the_same_time_are_refused(
    account: Account, policies: dict[str, Any], every_type: dict[str, Any]
) -> None:
    """Ours wait for each other, whichever construct made them; nothing else keeps two changes apart."""
    together = copy.deepcopy(policies)
    for one in together["Resources"].values():
        one.pop("DependsOn", None)
    with pytest.raises(StackFailed, match="ConcurrentModificationException"):
        account.deploy("guardrails", together)
    assert attached(account) == {}
    account.delete("guardrails")
    enable(account, RCP, DECLARATIVE)
    account.deploy("guardrails", every_type)
    assert list(attached(account, DECLARATIVE)) == ["hardened-eks-defaults"]
    assert list(attached(account, RCP)) == ["hardened-eks-data"]
    assert set(attached(account)) == {guardrail.name for guardrail in organization_guardrails(Settings())}


def test_policies_of_another_region_are_refused(account: Account, policies: dict[str, Any]) -> None:
    with pytest.raises(StackFailed, match="Unrecognized resource types"):
        Account(account.url, region="eu-west-1").deploy("guardrails", policies)
    assert attached(account) == {}


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
    channel = next(one for one in bare["Resources"].values() if one["Type"] == CHANNEL)
    for name in channel.pop("DependsOn"):
        del bare["Resources"][name]
    with pytest.raises(StackFailed, match="Insufficient delivery policy"):
        account.deploy("governance", bare)


def test_a_channel_that_does_not_wait_for_the_policy_is_refused(account: Account, recording: dict[str, Any]) -> None:
    hasty = copy.deepcopy(recording)
    del hasty["Resources"][one_of(hasty, CHANNEL)]["DependsOn"]
    with pytest.raises(StackFailed, match="Insufficient delivery policy"):
        account.deploy("governance", hasty)


def one_of(template: dict[str, Any], type_: str) -> str:
    (found,) = [id_ for id_, one in template["Resources"].items() if one["Type"] == type_]
    return found


@pytest.mark.parametrize(
    ("waiting", "awaited", "words"),
    [
        pytest.param(CHANNEL, RECORDER, "NoAvailableDeliveryChannelException", id="channel after recorder"),
        pytest.param(RECORDER, CHANNEL, "NoAvailableConfigurationRecorderException", id="recorder after channel"),
    ],
)
def test_recorder_and_channel_do_not_wait_for_each_other(
    account: Account, recording: dict[str, Any], waiting: str, awaited: str, words: str
) -> None:
    ordered = copy.deepcopy(recording)
    one = ordered["Resources"][one_of(ordered, waiting)]
    one["DependsOn"] = [*one.get("DependsOn", ()), one_of(ordered, awaited)]
    with pytest.raises(StackFailed, match=words):
        account.deploy("governance", ordered)
    config = account.client("config")
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
    assert config.describe_delivery_channels()["DeliveryChannels"] == []


@pytest.mark.parametrize(
    ("gone", "words"),
    [(CHANNEL, "NoAvailableDeliveryChannelException"), (RECORDER, "NoAvailableConfigurationRecorderException")],
)
def test_neither_recorder_nor_channel_is_there_alone(
    account: Account, recording: dict[str, Any], gone: str, words: str
) -> None:
    half = copy.deepcopy(recording)
    del half["Resources"][one_of(half, gone)]
    with pytest.raises(StackFailed, match=words):
        account.deploy("governance", half)
