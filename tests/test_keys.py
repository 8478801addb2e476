import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

NAMES = ("secrets", "volumes", "logs", "images", "notifications", "functions")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Keys")
    keys = hardened.Keys(stack, "Keys")
    for name in NAMES:
        assert getattr(keys, name) is getattr(keys, name)
    return Template.from_stack(stack).to_json()["Resources"]


def policy(template: dict[str, Any], what: str) -> list[dict[str, Any]]:
    key = next(k for k in template.values() if k["Properties"]["Description"] == f"Encrypts {what}")
    return key["Properties"]["KeyPolicy"]["Statement"]


def test_one_rotating_retained_key_for_each_kind_of_data(template: dict[str, Any]) -> None:
    assert len(template) == 6
    for key in template.values():
        assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"
        assert key["Properties"]["EnableKeyRotation"] is True
        assert key["Properties"]["PendingWindowInDays"] == 30


def test_nothing_is_made_before_it_is_used() -> None:
    stack = cdk.Stack(cdk.App(), "Keys")
    hardened.Keys(stack, "Keys")
    assert Template.from_stack(stack).to_json().get("Resources", {}) == {}


def test_a_key_given_is_used() -> None:
    stack = cdk.Stack(cdk.App(), "Keys")
    mine = kms.Key.from_key_arn(stack, "Mine", "arn:aws:kms:eu-west-1:123456789012:key/1234")
    assert hardened.Keys(stack, "Keys", logs=mine).logs is mine


def test_the_account_keeps_the_power_over_every_key(template: dict[str, Any]) -> None:
    for key in template.values():
        statement = key["Properties"]["KeyPolicy"]["Statement"][0]
        assert statement["Action"] == "kms:*"
        assert ":root" in json.dumps(statement["Principal"])


def test_everybody_else_is_pinned_by_a_condition(template: dict[str, Any]) -> None:
    for key in template.values():
        for statement in key["Properties"]["KeyPolicy"]["Statement"][1:]:
            if statement["Principal"] == {"Service": "events.amazonaws.com"}:
                continue  # EventBridge sends no source account: a condition would silence every rule
            assert statement["Condition"], key["Properties"]["Description"]
            if statement["Action"] == "kms:CreateGrant" and statement["Effect"] == "Allow":
                assert statement["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def refusals(template: dict[str, Any], what: str) -> list[dict[str, Any]]:
    return [s for s in policy(template, what) if s["Effect"] == "Deny"]


@pytest.mark.parametrize("what", ["node and pod volumes", "log groups", "notifications"])
def test_grants_are_for_aws_services_as_control_tower_asks(template: dict[str, Any], what: str) -> None:
    """CT.KMS.PR.3 takes this statement and no other."""
    assert refusals(template, what) == [
        {
            "Sid": "GrantsForAwsServicesOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"BoolIfExists": {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}},
        }
    ]


@pytest.mark.parametrize(("what", "service"), [("container images", "ecr"), ("variables of functions", "lambda")])
def test_a_key_of_one_service_lets_that_service_make_its_grant(
    template: dict[str, Any], what: str, service: str
) -> None:
    (refusal,) = refusals(template, what)
    assert refusal["Condition"]["StringNotLikeIfExists"] == {
        "kms:ViaService": {"Fn::Join": ["", [f"{service}.", {"Ref": "AWS::Region"}, ".amazonaws.*"]]}
    }


def test_secrets_key_refuses_no_grant_since_eks_could_not_make_its_own(template: dict[str, Any]) -> None:
    assert refusals(template, "Kubernetes API data") == []


def test_notifications_reach_encrypted_topics(template: dict[str, Any]) -> None:
    """https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/407: EventBridge fails under aws:SourceAccount."""
    by_service = {json.dumps(s["Principal"]): s.get("Condition") for s in policy(template, "notifications")[1:]}
    assert by_service['{"Service": "events.amazonaws.com"}'] is None
    assert by_service['{"Service": "cloudwatch.amazonaws.com"}'] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }
    # As the CDK's own SqsSubscription does. No document says that SNS names the account when it writes to a queue.
    (topics,) = by_service['{"Service": "sns.amazonaws.com"}'].values()
    assert list(topics) == ["aws:SourceArn"]
    assert topics["aws:SourceArn"]["Fn::Join"][1][-1].endswith(":*")


def test_logs_key_is_for_log_groups_of_this_account(template: dict[str, Any]) -> None:
    statement = policy(template, "log groups")[1]
    # In China the service is logs.<region>.amazonaws.com.cn.
    assert statement["Principal"]["Service"]["Fn::Join"][1] == [
        "logs.",
        {"Ref": "AWS::Region"},
        ".",
        {"Ref": "AWS::URLSuffix"},
    ]
    assert "kms:EncryptionContext:aws:logs:arn" in statement["Condition"]["ArnLike"]


def test_volumes_key_admits_the_auto_scaling_role_without_naming_it_as_principal(template: dict[str, Any]) -> None:
    for statement in policy(template, "node and pod volumes")[1:3]:
        assert statement["Principal"] == {"AWS": "*"}
        assert "AWSServiceRoleForAutoScaling" in json.dumps(statement["Condition"]["ArnLike"]["aws:PrincipalArn"])
        assert statement["Condition"]["StringEquals"] == {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}


def stack_in(region: str) -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Keys", env=cdk.Environment(account="123456789012", region=region))


@pytest.mark.parametrize("spec", [kms.KeySpec.RSA_4096, kms.KeySpec.HMAC_256])
def test_fails_when_a_key_cannot_encrypt(spec: kms.KeySpec) -> None:
    stack = stack_in("eu-west-1")
    usage = kms.KeyUsage.GENERATE_VERIFY_MAC if spec is kms.KeySpec.HMAC_256 else kms.KeyUsage.ENCRYPT_DECRYPT
    mine = kms.Key(stack, "Mine", key_spec=spec, key_usage=usage)
    with pytest.raises(ConfigurationError, match=f"secrets needs a symmetric key.*{spec.value}"):
        hardened.Keys(stack, "Keys", secrets=mine)


def test_fails_when_a_key_is_in_another_region() -> None:
    stack = stack_in("eu-west-1")
    mine = kms.Key.from_key_arn(stack, "Mine", "arn:aws:kms:us-east-1:123456789012:key/1234")
    with pytest.raises(
        ConfigurationError, match=r"volumes needs a key of the stack's Region eu-west-1, got .*us-east-1"
    ):
        hardened.Keys(stack, "Keys", volumes=mine)


def test_a_symmetric_key_of_the_region_passes() -> None:
    stack = stack_in("eu-west-1")
    spec = kms.KeySpec.SYMMETRIC_DEFAULT
    for id, mine in (
        ("Made", kms.Key(stack, "Mine", key_spec=spec)),
        ("Plain", kms.Key(stack, "Default")),
        ("Known", kms.Key.from_key_arn(stack, "There", "arn:aws:kms:eu-west-1:123456789012:key/1234")),
    ):
        assert hardened.Keys(stack, id, secrets=mine).secrets is mine
