"""A trail and the account's defaults, as a CloudFormation engine makes, changes and deletes them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
TRAIL, BUCKET, POLICY = "AWS::CloudTrail::Trail", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
ORGANIZATION = "o-exampleorg1"
READER = f"arn:aws:iam::{ACCOUNT}:role/auditor"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Governance", env=cdk.Environment(account=ACCOUNT, region=REGION))
    custody = hardened.LogCustody(
        readers=[READER], denied=[f"arn:aws:iam::{ACCOUNT}:role/hardened-eks-creator"], lock_days=30
    )
    hardened.Trail(stack, "Trail", custody=custody, data_events=["patients"], insights=True)
    hardened.AccountDefaults(stack, "Defaults", vpc="block-ingress", unused_access_days=90)
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def ids(template: dict[str, Any], type_: str) -> list[str]:
    return [i for i, r in template["Resources"].items() if r["Type"] == type_]


def one(template: dict[str, Any], type_: str, part: str = "") -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][next(i for i in ids(template, type_) if part in i)]
    return found


def test_the_trail_records_everything_and_logs(account: Account, template: dict[str, Any]) -> None:
    made = account.deploy("Governance", template)
    api = account.client("cloudtrail")
    (trail,) = api.describe_trails()["trailList"]
    assert trail["TrailARN"] == f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/hardened-eks"
    assert trail["IsMultiRegionTrail"] and trail["IncludeGlobalServiceEvents"] and trail["LogFileValidationEnabled"]
    assert not trail["IsOrganizationTrail"]
    assert trail["S3BucketName"] == made[next(i for i in ids(template, BUCKET) if "Files" in i)]
    assert trail["KmsKeyId"] and trail["CloudWatchLogsLogGroupArn"].endswith(":*") and trail["SnsTopicName"]
    assert api.get_trail_status(Name="hardened-eks")["IsLogging"] is True
    found = api.get_insight_selectors(TrailName="hardened-eks")["InsightSelectors"]
    assert [one["InsightType"] for one in found] == ["ApiCallRateInsight", "ApiErrorRateInsight"]
    management, data = api.get_event_selectors(TrailName="hardened-eks")["AdvancedEventSelectors"]
    assert management["FieldSelectors"] == [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert data["FieldSelectors"][-1] == {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::patients/"]}


def test_a_file_cannot_be_deleted(account: Account, template: dict[str, Any]) -> None:
    made = account.deploy("Governance", template)
    s3, bucket = account.client("s3"), made[next(i for i in ids(template, BUCKET) if "Files" in i)]
    version = s3.put_object(Bucket=bucket, Key="AWSLogs/file", Body=b"x")["VersionId"]
    assert s3.get_object_retention(Bucket=bucket, Key="AWSLogs/file")["Retention"]["Mode"] == "GOVERNANCE"
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="AWSLogs/file", VersionId=version)
    logged = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetBucket"]
    assert "accesslogs" in logged
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["Rule"]


def test_files_and_events_outlive_the_stack(account: Account, template: dict[str, Any]) -> None:
    made = account.deploy("Governance", template)
    account.delete("Governance")
    assert account.client("cloudtrail").describe_trails()["trailList"] == []
    left = {one["Name"] for one in account.client("s3").list_buckets()["Buckets"]}
    assert {made[i] for i in ids(template, BUCKET)} == left
    groups = [group["logGroupName"] for group in account.client("logs").describe_log_groups()["logGroups"]]
    assert [made[i] for i in ids(template, "AWS::Logs::LogGroup")] == groups


def test_a_stack_that_was_deleted_is_deployed_again(account: Account, template: dict[str, Any]) -> None:
    """Nothing that is retained has a fixed name that the next stack would need."""
    kept = [template["Resources"][i] for type_ in (BUCKET, "AWS::Logs::LogGroup") for i in ids(template, type_)]
    assert not [one for one in kept if {"BucketName", "LogGroupName"} & set(one["Properties"])]
    account.deploy("Governance", template)
    account.delete("Governance")
    account.deploy("Governance", template)
    assert account.client("cloudtrail").get_trail_status(Name="hardened-eks")["IsLogging"] is True
    named = copy.deepcopy(template)
    (group,) = ids(named, "AWS::Logs::LogGroup")
    named["Resources"][group]["Properties"]["LogGroupName"] = "/trail"
    account.delete("Governance")
    account.deploy("Governance", named)
    account.delete("Governance")
    with pytest.raises(StackFailed, match="/trail already exists"):
        account.deploy("Governance", named)


def test_an_update_changes_the_selectors_and_nothing_else(account: Account, template: dict[str, Any]) -> None:
    before = account.deploy("Governance", template)
    wider = copy.deepcopy(template)
    selectors = one(wider, TRAIL)["Properties"]["AdvancedEventSelectors"]
    selectors[1]["FieldSelectors"] = selectors[1]["FieldSelectors"][:2]
    assert account.deploy("Governance", wider) == before
    found = account.client("cloudtrail").get_event_selectors(TrailName="hardened-eks")["AdvancedEventSelectors"]
    assert [field["Field"] for field in found[1]["FieldSelectors"]] == ["eventCategory", "resources.type"]


def without_statement(part: str, type_: str, key: str, sid: str) -> Callable[[dict[str, Any]], None]:
    def change(template: dict[str, Any]) -> None:
        document = one(template, type_, part)["Properties"][key]
        kept = [statement for statement in document["Statement"] if statement.get("Sid") != sid]
        assert len(kept) < len(document["Statement"])
        document["Statement"] = kept

    return change


def set_(type_: str, part: str, **properties: Any) -> Callable[[dict[str, Any]], None]:
    return lambda template: one(template, type_, part)["Properties"].update(properties)


def other_source(template: dict[str, Any]) -> None:
    document = one(template, POLICY, "BucketPolicy")["Properties"]["PolicyDocument"]
    text = json.dumps(document).replace("trail/hardened-eks", "trail/other")
    document.update(json.loads(text))


def without_policy(template: dict[str, Any]) -> None:
    gone = [i for i in ids(template, POLICY) if "BucketPolicy" in i]
    for id_ in gone:
        del template["Resources"][id_]
    trail = one(template, TRAIL)
    trail["DependsOn"] = [i for i in trail["DependsOn"] if i not in gone]


def source_by_reference(template: dict[str, Any]) -> None:
    """The trail waits for the policy, which then waits for the trail: https://github.com/aws/aws-cdk/issues/31400."""
    (trail,) = ids(template, TRAIL)
    document = one(template, POLICY, "BucketPolicy")["Properties"]["PolicyDocument"]
    for statement in document["Statement"]:
        condition = statement.get("Condition", {}).get("StringEquals", {})
        if "aws:SourceArn" in condition:
            condition["aws:SourceArn"] = {"Fn::GetAtt": [trail, "Arn"]}


def hasty(template: dict[str, Any]) -> None:
    """Let the trail wait for nothing; CloudFormation may then create it before the policy of its bucket."""
    del one(template, TRAIL)["DependsOn"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(source_by_reference, "Circular dependency", id="the source by reference"),
        pytest.param(hasty, "Incorrect S3 bucket policy", id="a trail beside the policy"),
        pytest.param(without_policy, "Incorrect S3 bucket policy", id="no bucket policy"),
        pytest.param(
            without_statement("BucketPolicy", POLICY, "PolicyDocument", "TrailWrites"), "s3:PutObject", id="no write"
        ),
        pytest.param(
            without_statement("BucketPolicy", POLICY, "PolicyDocument", "TrailLooks"), "s3:GetBucketAcl", id="no look"
        ),
        pytest.param(other_source, "Incorrect S3 bucket policy", id="another trail"),
        pytest.param(
            without_statement("BucketKey", "AWS::KMS::Key", "KeyPolicy", "Encrypt"), "Insufficient permissions", id="key"
        ),
        pytest.param(set_(TRAIL, "", S3BucketName="nowhere"), "does not exist", id="no bucket"),
        pytest.param(
            lambda template: one(template, TRAIL)["Properties"]["AdvancedEventSelectors"][0]["FieldSelectors"].append(
                {"Field": "readOnly", "Equals": ["true"]}),
            "log write management events", id="insights of what is not logged",
        ),
        pytest.param(set_(TRAIL, "", TrailName="renamed"), "Incorrect S3 bucket policy", id="renamed"),
        pytest.param(set_(TRAIL, "", SnsTopicName="nobody"), "topic policy is incorrect", id="no topic"),
        pytest.param(
            set_(TRAIL, "", CloudWatchLogsLogGroupArn="arn:aws:logs:us-east-1:123456789012:log-group:x"),
            "is no log group",
            id="no log group",
        ),
        pytest.param(
            set_(BUCKET, "AccessLogs", ObjectLockEnabled=True, ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}}),
            "default retention is set on the target",
            id="locked access logs",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_refused(
    account: Account, template: dict[str, Any], change: Callable[[dict[str, Any]], None], words: str
) -> None:
    wrong = copy.deepcopy(template)
    change(wrong)
    with pytest.raises(StackFailed, match=words):
        account.deploy("Governance", wrong)
    assert account.client("cloudtrail").describe_trails()["trailList"] == []


@pytest.fixture(scope="module")
def organization_trail() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Organization", env=cdk.Environment(account=ACCOUNT, region=REGION))
    hardened.Trail(stack, "Trail", organization_id=ORGANIZATION)
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def of_the_organization(account: Account, template: dict[str, Any]) -> dict[str, Any]:
    """Return the template for the organization that the emulator has, whose ID is another one after each reset."""
    id_ = account.client("organizations").describe_organization()["Organization"]["Id"]
    found: dict[str, Any] = json.loads(json.dumps(template).replace(ORGANIZATION, id_))
    return found


def test_an_organization_trail_is_one(account: Account, organization_trail: dict[str, Any]) -> None:
    account.deploy("Organization", of_the_organization(account, organization_trail))
    (trail,) = account.client("cloudtrail").describe_trails()["trailList"]
    assert trail["IsOrganizationTrail"] is True


@pytest.mark.parametrize("kept", [0, 1])
def test_an_organization_trail_writes_below_both_ids(
    account: Account, organization_trail: dict[str, Any], kept: int
) -> None:
    wrong = of_the_organization(account, organization_trail)
    statements = one(wrong, POLICY, "BucketPolicy")["Properties"]["PolicyDocument"]["Statement"]
    (writes,) = [statement for statement in statements if statement.get("Sid") == "TrailWrites"]
    account_place, organization_place = writes["Resource"]
    assert "Ref" in json.dumps(account_place) and "/AWSLogs/o-" in json.dumps(organization_place)
    writes["Resource"] = writes["Resource"][kept]
    with pytest.raises(StackFailed, match="Incorrect S3 bucket policy"):
        account.deploy("Organization", wrong)


def test_the_lock_cannot_be_taken_off(account: Account, template: dict[str, Any]) -> None:
    account.deploy("Governance", template)
    open_ = copy.deepcopy(template)
    files = one(open_, BUCKET, "Files")["Properties"]
    del files["ObjectLockEnabled"], files["ObjectLockConfiguration"]
    with pytest.raises(StackFailed, match="cannot be disabled"):
        account.deploy("Governance", open_)


def test_a_second_trail_of_the_name_is_refused(account: Account, template: dict[str, Any]) -> None:
    account.deploy("Governance", template)
    with pytest.raises(StackFailed, match="already exists"):
        account.deploy("Second", template)


def test_the_table_is_there_for_athena(account: Account, template: dict[str, Any]) -> None:
    made = account.deploy("Governance", template)
    table = account.client("glue").get_table(DatabaseName="hardened_eks_trails", Name="cloudtrail")["Table"]
    bucket = made[next(i for i in ids(template, BUCKET) if "Files" in i)]
    assert table["StorageDescriptor"]["Location"] == f"s3://{bucket}/AWSLogs/"
    assert [key["Name"] for key in table["PartitionKeys"]] == ["account", "region", "day"]
    assert table["Parameters"]["projection.account.values"] == ACCOUNT
