"""The trail: what it records, and who reaches its files, decided by the evaluator."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs

import hardened_eks as hardened
from hardened_eks._kinds import TRAIL, is_a
from tests.governance.built import (
    ACCOUNT,
    AUDITOR,
    CREATOR,
    CUSTODY,
    REGION,
    kinds,
    of,
    rendered,
    stack,
    template,
    trail,
)
from tests.iam import Policies, Request, evaluate

ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/hardened-eks"
ORGANIZATION = "o-exampleorg1"
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return trail(custody=hardened.LogCustody(**CUSTODY))


def test_the_trail_records_all_management_events_of_all_regions(found: dict[str, Any]) -> None:
    properties = of(found, "AWS::CloudTrail::Trail")["Properties"]
    flags = ("IsLogging", "IsMultiRegionTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation")
    assert [properties[flag] for flag in flags] == [True] * 4
    assert properties["IsOrganizationTrail"] is False
    (selector,) = properties["AdvancedEventSelectors"]
    assert selector["FieldSelectors"] == [{"Field": "eventCategory", "Equals": ["Management"]}]


def test_the_bucket_policy_comes_first_and_nothing_goes_in_circles(found: dict[str, Any]) -> None:
    """`Template.from_stack`, which made it, refuses circles."""
    needed = of(found, "AWS::CloudTrail::Trail")["DependsOn"]
    assert {found["Resources"][id_]["Type"] for id_ in needed} >= {"AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"}


def bucket_says(found: dict[str, Any], action: str, path: str = "", *, principal: str, **context: str) -> bool:
    policy = rendered(of(found, "AWS::S3::BucketPolicy", "BucketPolicy")["Properties"])
    resource = f"arn:aws:s3:::{policy['Bucket']}{path}"
    more = {} if principal.endswith("amazonaws.com") else {"aws:PrincipalArn": principal}
    request = Request(
        action=action, resource=resource, principal=principal,
        context={"aws:SecureTransport": "true", **more, **{k.replace("__", ":"): v for k, v in context.items()}},
    )  # fmt: skip
    own = () if principal.endswith("amazonaws.com") else (EVERYTHING,)
    return bool(evaluate(request, Policies(identity=own, resource=policy["PolicyDocument"], resource_account=ACCOUNT)))


FILE = f"/AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/2026/file.gz"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
OWNED = {"s3__x-amz-acl": "bucket-owner-full-control"}


@pytest.mark.parametrize(
    ("action", "path", "asked", "expected"),
    [
        ("s3:PutObject", FILE, {"principal": CLOUDTRAIL, "aws__SourceArn": ARN, **OWNED}, True),
        ("s3:GetBucketAcl", "", {"principal": CLOUDTRAIL, "aws__SourceArn": ARN}, True),
        ("s3:PutObject", FILE, {"principal": CLOUDTRAIL, "aws__SourceArn": ARN.replace(ACCOUNT, "1" * 12), **OWNED}, False),
        ("s3:PutObject", FILE, {"principal": CLOUDTRAIL, "aws__SourceArn": f"{ARN}-2", **OWNED}, False),
        ("s3:PutObject", FILE, {"principal": CLOUDTRAIL, "aws__SourceArn": ARN}, False),
        ("s3:PutObject", "/other/file", {"principal": CLOUDTRAIL, "aws__SourceArn": ARN, **OWNED}, False),
        ("s3:PutObject", FILE, {"principal": "config.amazonaws.com", "aws__SourceArn": ARN, **OWNED}, False),
        ("s3:GetObject", FILE, {"principal": AUDITOR}, True),
        ("s3:GetObject", FILE, {"principal": AUDITOR, "aws__SecureTransport": "false"}, False),
        ("s3:GetObject", FILE, {"principal": CREATOR}, False),
        ("s3:DeleteObjectVersion", FILE, {"principal": CREATOR}, False),
        ("s3:PutBucketPolicy", "", {"principal": CREATOR}, False),
        ("s3:PutLifecycleConfiguration", "", {"principal": CREATOR}, False),
        ("s3:PutBucketObjectLockConfiguration", "", {"principal": CREATOR}, False),
        ("s3:BypassGovernanceRetention", FILE, {"principal": f"arn:aws:iam::{ACCOUNT}:role/p-break-glass-1"}, False),
        ("s3:PutBucketPolicy", "", {"principal": ADMIN}, True),
    ],
)  # fmt: skip
def test_who_reaches_the_files(
    found: dict[str, Any], action: str, path: str, asked: dict[str, str], expected: bool
) -> None:
    assert bucket_says(found, action, path, **asked) is expected


@pytest.mark.parametrize(
    ("action", "principal", "context", "expected"),
    [
        ("GenerateDataKey", CLOUDTRAIL, {"aws:SourceArn": ARN, CONTEXT: ARN}, True),
        ("DescribeKey", CLOUDTRAIL, {"aws:SourceArn": ARN}, True),
        ("GenerateDataKey", CLOUDTRAIL, {"aws:SourceArn": ARN}, False),
        ("GenerateDataKey", CLOUDTRAIL, {"aws:SourceArn": f"{ARN}2", CONTEXT: ARN}, False),
        ("Decrypt", AUDITOR, {CONTEXT: ARN}, True),
        ("Decrypt", ADMIN, {CONTEXT: ARN}, False),
        ("ReEncryptFrom", ADMIN, {CONTEXT: ARN}, False),
        ("PutKeyPolicy", ADMIN, {}, True),
        ("CreateGrant", ADMIN, {}, False),
    ],
)
def test_who_decrypts_the_files(
    found: dict[str, Any], action: str, principal: str, context: dict[str, str], expected: bool
) -> None:
    document = rendered(of(found, "AWS::KMS::Key", "BucketKey")["Properties"]["KeyPolicy"])
    person = principal.startswith("arn:")
    more = {"aws:PrincipalArn": principal, "aws:PrincipalIsAWSService": "false"} if person else {}
    asked = Request(action=f"kms:{action}", resource="*", principal=principal, context={**context, **more})
    policies = Policies(
        identity=(EVERYTHING,) if person else (), resource=document, resource_account=ACCOUNT, resource_decides=True
    )
    assert bool(evaluate(asked, policies)) is expected


def test_nobody_decrypts_where_no_reader_is_named() -> None:
    document = rendered(of(trail(), "AWS::KMS::Key", "BucketKey")["Properties"]["KeyPolicy"])
    context = {CONTEXT: ARN, "aws:PrincipalArn": ADMIN, "aws:PrincipalIsAWSService": "false"}
    asked = Request(action="kms:Decrypt", resource="*", principal=ADMIN, context=context)
    policies = Policies(identity=(EVERYTHING,), resource=document, resource_decides=True)
    assert not evaluate(asked, policies)


def test_an_organization_writes_below_its_own_id() -> None:
    found = trail(organization_id=ORGANIZATION)
    assert of(found, "AWS::CloudTrail::Trail")["Properties"]["IsOrganizationTrail"] is True
    written = {"principal": CLOUDTRAIL, "aws__SourceArn": ARN, **OWNED}
    assert bucket_says(found, "s3:PutObject", f"/AWSLogs/{ORGANIZATION}/111122223333/CloudTrail/x", **written)
    assert bucket_says(found, "s3:PutObject", FILE, **written)
    streams = rendered(of(found, "AWS::IAM::ManagedPolicy", "Writer")["Properties"]["PolicyDocument"])
    assert any(arn.endswith(f"log-stream:{ORGANIZATION}_*") for arn in streams["Statement"][0]["Resource"])


def test_insights_are_a_choice() -> None:
    assert "InsightSelectors" not in of(trail(), "AWS::CloudTrail::Trail")["Properties"]
    chosen = of(trail(insights=True), "AWS::CloudTrail::Trail")["Properties"]
    assert chosen["InsightSelectors"] == [
        {"InsightType": "ApiCallRateInsight", "EventCategories": ["Management"]},
        {"InsightType": "ApiErrorRateInsight", "EventCategories": ["Management"]},
    ]


def test_all_objects_or_those_of_some_buckets_are_watched() -> None:
    chosen = of(trail(data_events=["patients"]), "AWS::CloudTrail::Trail")["Properties"]["AdvancedEventSelectors"][1]
    assert rendered(chosen["FieldSelectors"][2]) == {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::patients/"]}
    whole = of(trail(data_events="all"), "AWS::CloudTrail::Trail")["Properties"]["AdvancedEventSelectors"][1]
    assert [field["Field"] for field in whole["FieldSelectors"]] == ["eventCategory", "resources.type"]


def test_compliance_is_a_choice() -> None:
    lock = of(trail(), "AWS::S3::Bucket", "Files")["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "GOVERNANCE", "Days": 365}
    custody = hardened.LogCustody(lock="compliance", lock_days=2557)
    found = of(trail(custody=custody), "AWS::S3::Bucket", "Files")["Properties"]["ObjectLockConfiguration"]
    assert found["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 2557}


def test_the_files_may_lie_in_a_log_archive() -> None:
    archive = stack("Archive", account="210987654321")
    bucket = hardened.TrailBucket(archive, "Bucket", trails=[ARN], custody=hardened.LogCustody(**CUSTODY))
    assert bucket.bucket_name
    assert bucket_says(template(archive), "s3:PutObject", FILE, principal=CLOUDTRAIL, aws__SourceArn=ARN, **OWNED)
    key = f"arn:aws:kms:{REGION}:210987654321:key/1234"
    found = trail(bucket=hardened.ArchiveBucket(name="archive", region=REGION, key_arn=key, object_lock=True))
    properties = of(found, "AWS::CloudTrail::Trail")["Properties"]
    assert (properties["S3BucketName"], properties["KMSKeyId"]) == ("archive", key)
    assert not kinds(found) & {"AWS::S3::Bucket", "AWS::Glue::Table"}


def test_a_bucket_of_the_same_stack_is_made_first() -> None:
    scope = stack()
    bucket = hardened.TrailBucket(scope, "Bucket", table=None)
    made = hardened.Trail(scope, "Trail", bucket=bucket, notify=False)
    assert made.bucket is bucket
    found = template(scope)
    assert [found["Resources"][i]["Type"] for i in of(found, "AWS::CloudTrail::Trail")["DependsOn"]] == [
        "AWS::S3::BucketPolicy"
    ]
    assert "SnsTopicName" not in of(found, "AWS::CloudTrail::Trail")["Properties"]
    assert not kinds(found) & {"AWS::Glue::Table", "AWS::Athena::WorkGroup"}


def test_of_a_trail_that_exists_only_queries_are_made() -> None:
    scope = stack()
    group = logs.LogGroup.from_log_group_name(scope, "Group", "aws-controltower/CloudTrailLogs")
    made = hardened.Trail(scope, "Trail", existing_trail_arn=f"{ARN[:-12]}organization", log_group=group)
    assert made.resource is None
    assert made.log_group is group
    found = template(scope)
    assert kinds(found) == {"AWS::Logs::QueryDefinition"}
    query = of(found, "AWS::Logs::QueryDefinition", "ClusterConfiguration")["Properties"]
    assert query["LogGroupNames"] == ["aws-controltower/CloudTrailLogs"]
    assert "UpdateClusterConfig" in query["QueryString"]
    assert hardened.Trail(scope, "Other", existing_trail_arn=ARN).log_group is None


def test_a_detection_takes_it_for_a_trail() -> None:
    """It asks by `is_a` and for `log_group`, and imports nothing of governance."""
    scope = stack()
    made = hardened.Trail(scope, "Trail")
    assert is_a(TRAIL, made)
    group = made.log_group
    assert group is not None
    logs.MetricFilter(
        scope, "Filter", log_group=group, metric_namespace="n", metric_name="m",
        filter_pattern=logs.FilterPattern.exists("$.eventName"),
    )  # fmt: skip
    found = template(scope)
    name = of(found, "AWS::Logs::MetricFilter")["Properties"]["LogGroupName"]
    assert found["Resources"][name["Ref"]]["Properties"]["DeletionProtectionEnabled"] is True


def test_a_detection_counts_in_its_log_group() -> None:
    scope = stack()
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    made = hardened.Trail(scope, "Trail")
    topic = hardened.alerts.Topic(scope, "Alerts")
    hardened.Detection(scope, "Detection", cluster=cluster, alerts=topic, trail=made, level="full")
    found = template(scope)
    filters = [r["Properties"]["LogGroupName"] for r in found["Resources"].values() if "MetricFilter" in r["Type"]]
    groups = {i for i, r in found["Resources"].items() if r["Type"] == "AWS::Logs::LogGroup" and i.startswith("Trail")}
    assert {name["Ref"] for name in filters if isinstance(name, dict) and "Ref" in name} & groups


def test_tags_reach_the_log_group_through_its_view() -> None:
    scope = stack()
    group = hardened.Trail(scope, "Trail").log_group
    assert group is not None
    cdk.Tags.of(group).add("cost", "audit")
    tags = of(template(scope), "AWS::Logs::LogGroup")["Properties"]["Tags"]
    assert {"Key": "cost", "Value": "audit"} in tags
