"""The recorder of AWS Config: order, delivery, roles, and every mistake of a call."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError
from hardened_eks.testing import assert_hardened
from tests.iam import Policies, Request, evaluate

RECORDER, CHANNEL = "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
ACCOUNT, OTHER = "123456789012", "999988887777"
CONFIG = "config.amazonaws.com"


def stack(app: cdk.App | None = None, name: str = "Governance", region: str = "eu-central-1") -> cdk.Stack:
    app = app or cdk.App()
    return cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))


@pytest.fixture(scope="module")
def app() -> cdk.App:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "governance")
    hardened.ConfigRecorder(stack(app), "Recorder")
    return app


@pytest.fixture(scope="module")
def template(app: cdk.App) -> Template:
    made = app.node.find_child("Governance")
    assert isinstance(made, cdk.Stack)
    return Template.from_stack(made)


def only(template: Template, type_: str) -> Any:
    (found,) = template.find_resources(type_).values()
    return found


def test_everything_is_recorded_by_the_service_linked_role(template: Template) -> None:
    properties = only(template, RECORDER)["Properties"]
    assert properties["RecordingGroup"] == {"AllSupported": True, "IncludeGlobalResourceTypes": True}
    end = ":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    assert properties["RoleARN"]["Fn::Join"][1][-1] == end


def test_no_order_between_recorder_and_channel_but_the_policy_comes_first(template: Template) -> None:
    names = {type_: list(template.find_resources(type_)) for type_ in (RECORDER, CHANNEL)}
    assert "DependsOn" not in only(template, RECORDER)
    waits = only(template, CHANNEL)["DependsOn"]
    assert not set(waits) & set(names[RECORDER])
    policies = template.find_resources("AWS::S3::BucketPolicy")
    bucket = only(template, CHANNEL)["Properties"]["S3BucketName"]
    assert [policies[name]["Properties"]["Bucket"] for name in waits] == [bucket]


def test_the_bucket_is_no_locked_one(template: Template) -> None:
    assert len(template.find_resources("AWS::S3::Bucket")) == 2
    assert not [
        b for b in template.find_resources("AWS::S3::Bucket").values() if "ObjectLockEnabled" in b["Properties"]
    ]


def document(template: Template, type_: str, element: str, sid: str) -> Any:
    """Return the document of the policy that has a statement, with its references as ARNs of a made-up bucket."""
    for found in template.find_resources(type_).values():
        statements = found["Properties"][element]["Statement"]
        if sid in [one.get("Sid") for one in statements]:
            return {"Statement": [plain(one) for one in statements]}
    raise AssertionError(sid)


def plain(statement: Any) -> Any:
    principal, conditions = statement["Principal"], statement.get("Condition", {})
    named = {kind: resolved(name) for kind, name in principal.items()} if isinstance(principal, dict) else principal
    met = {operator: {key: resolved(one) for key, one in keys.items()} for operator, keys in conditions.items()}
    return {**statement, "Resource": resolved(statement["Resource"]), "Principal": named, "Condition": met}


def resolved(value: Any) -> Any:
    if isinstance(value, list):
        return [resolved(one) for one in value]
    if isinstance(value, dict) and "Fn::Join" in value:
        return "".join(part if isinstance(part, str) else resolved(part) for part in value["Fn::Join"][1])
    if isinstance(value, dict):
        return "arn:aws:s3:::files" if "Fn::GetAtt" in value else ACCOUNT
    return value


@pytest.mark.parametrize(("action", "resource", "source", "expected"), [
    ("s3:GetBucketAcl", "arn:aws:s3:::files", ACCOUNT, True),
    ("s3:ListBucket", "arn:aws:s3:::files", ACCOUNT, True),
    ("s3:PutObject", f"arn:aws:s3:::files/AWSLogs/{ACCOUNT}/Config/eu-central-1/x.json.gz", ACCOUNT, True),
    ("s3:PutObject", f"arn:aws:s3:::files/AWSLogs/{ACCOUNT}/Config/x", OTHER, False),
    ("s3:PutObject", f"arn:aws:s3:::files/AWSLogs/{OTHER}/Config/x", ACCOUNT, False),
    ("s3:GetObject", f"arn:aws:s3:::files/AWSLogs/{ACCOUNT}/Config/x", ACCOUNT, False),
    ("s3:GetBucketAcl", "arn:aws:s3:::files", OTHER, False),
])  # fmt: skip
def test_what_config_may_do_to_the_bucket(
    template: Template, action: str, resource: str, source: str, expected: bool
) -> None:
    policy = document(template, "AWS::S3::BucketPolicy", "PolicyDocument", "ConfigWrites")
    context = {"aws:SourceAccount": source, "s3:x-amz-acl": "bucket-owner-full-control", "aws:SecureTransport": "true"}
    request = Request(action=action, resource=resource, principal=CONFIG, context=context)
    assert bool(evaluate(request, Policies(resource=policy))) is expected


@pytest.mark.parametrize(("action", "source", "expected"), [
    ("kms:GenerateDataKey", ACCOUNT, True), ("kms:Decrypt", ACCOUNT, True), ("kms:Decrypt", OTHER, False),
    ("kms:PutKeyPolicy", ACCOUNT, False),
])  # fmt: skip
def test_what_config_may_do_with_the_key(template: Template, action: str, source: str, expected: bool) -> None:
    policy = document(template, "AWS::KMS::Key", "KeyPolicy", "ConfigEncrypts")
    request = Request(action=action, resource="*", principal=CONFIG, context={"aws:SourceAccount": source})
    assert bool(evaluate(request, Policies(resource=policy, resource_decides=True))) is expected


def test_our_checks_find_nothing(app: cdk.App) -> None:
    outcome = assert_hardened(app, scope="all")
    assert outcome.verdict == "pass"
    assert {control.id for control, number in outcome.examined.items() if number} >= {"DT-11"}


def test_a_bucket_of_yours() -> None:
    made = stack()
    recorder = hardened.ConfigRecorder(made, "Recorder", bucket_name="org-config-111122223333", key_arn=KEY)
    template = Template.from_stack(made)
    assert recorder.bucket is None
    assert only(template, CHANNEL)["Properties"] == {"S3BucketName": "org-config-111122223333", "S3KmsKeyArn": KEY}
    assert set(template.to_json()["Resources"]) == set(template.find_resources(RECORDER)) | set(
        template.find_resources(CHANNEL)
    )


def test_another_region_leaves_iam_out_and_the_role_is_made_where_asked() -> None:
    made = stack()
    hardened.ConfigRecorder(made, "Recorder", global_types=False, service_linked_role=True, retention_days=400)
    template = Template.from_stack(made)
    properties = only(template, RECORDER)["Properties"]
    assert properties["RecordingGroup"] == {
        "AllSupported": False,
        "IncludeGlobalResourceTypes": False,
        "ExclusionByResourceTypes": {
            "ResourceTypes": ["AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"]
        },
        "RecordingStrategy": {"UseOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
    }
    (role,) = template.find_resources("AWS::IAM::ServiceLinkedRole")
    assert only(template, RECORDER)["DependsOn"] == [role]
    rules = [
        rule["ExpirationInDays"]
        for bucket in template.find_resources("AWS::S3::Bucket").values()
        for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        if rule["Id"] == "Expire"
    ]
    assert rules == [400, 400]


@pytest.mark.parametrize(("arguments", "problems"), [
    ({"bucket_name": "arn:aws:s3:::files", "key_arn": "alias/x", "retention_days": 10, "global_types": "no"}, [
        "global_types needs True or False, got 'no'",
        "bucket_name needs the name of a bucket, 3 to 63 lower-case letters, digits, '.' or '-', not its ARN, "
        "got 'arn:aws:s3:::files'",
        "key_arn needs the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, got 'alias/x'",
        "retention_days needs 90 to 3660 days, got 10",
    ]),
    ({"key_arn": KEY}, ["key_arn is only for an existing bucket: pass bucket_name, too, or leave it out"]),
    ({"bucket_name": 5, "retention_days": True, "service_linked_role": 1}, [
        "service_linked_role needs True or False, got 1",
        "bucket_name needs the name of a bucket, 3 to 63 lower-case letters, digits, '.' or '-', not its ARN, got 5",
        "retention_days needs 90 to 3660 days, got True",
    ]),
])  # fmt: skip
def test_fails_with_every_mistake(arguments: dict[str, Any], problems: list[str]) -> None:
    made = stack()
    with pytest.raises(ConfigurationError) as caught:
        hardened.ConfigRecorder(made, "Recorder", **arguments)
    assert list(caught.value.problems) == problems
    assert made.node.children == []


def test_fails_on_a_second_recorder() -> None:
    app = cdk.App()
    first = stack(app)
    hardened.ConfigRecorder(first, "Recorder", bucket_name="files")
    for scope in (first, stack(app, "Second")):
        with pytest.raises(ConfigurationError, match="Governance/Recorder already records this account and Region"):
            hardened.ConfigRecorder(scope, "Again", bucket_name="files")
    hardened.ConfigRecorder(stack(app, "Elsewhere", "eu-west-1"), "Recorder", bucket_name="files")
    hardened.ConfigRecorder(cdk.Stack(app, "Unknown"), "Recorder", bucket_name="files")
    hardened.ConfigRecorder(cdk.Stack(app, "UnknownToo"), "Recorder", bucket_name="files")
    hardened.ConfigRecorder(stack(), "Recorder", bucket_name="files")
