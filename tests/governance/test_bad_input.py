"""Every mistake of a call at once, with the value, what is allowed, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

import hardened_eks as hardened
from tests.governance.built import ACCOUNT, stack

ARN = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/hardened-eks"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234"


def problems(call: Callable[[], Any]) -> tuple[str, ...]:
    with pytest.raises(hardened.ConfigurationError) as caught:
        call()
    return caught.value.problems


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"readers": "x"}, ["readers needs a list"]),
        ({"readers": ["arn:aws:iam::123456789012:root", "*"]}, ["readers needs roles", "readers needs roles"]),
        ({"readers": ["arn:aws:iam::123456789012:role/a*"]}, ["readers needs roles"]),
        ({"denied": [f"arn:aws:iam::{ACCOUNT}:role/*"]}, ["also the one that deploys this stack"]),
        (
            {"lock": "none", "lock_days": 0, "retention_days": 1.5},
            ["'governance', 'compliance'", "lock_days", "retention_days"],
        ),
        ({"lock_days": 400, "retention_days": 365}, ["pass retention_days=400 or more"]),
        ({"lock_days": 40000}, ["1 to 36500"]),
        (
            {"readers": [f"arn:aws:iam::{ACCOUNT}:role/a"], "denied": [f"arn:aws:iam::{ACCOUNT}:role/a"]},
            ["in readers and in denied"],
        ),
    ],
)
def test_custody(arguments: dict[str, Any], words: list[str]) -> None:
    found = problems(lambda: hardened.LogCustody(**arguments))
    assert len(found) == len(words)
    for problem, expected in zip(found, words, strict=True):
        assert expected in problem


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Archive"}, ["lower-case letters"]),
        ({"region": ""}, ["the bucket's Region"]),
        ({"region": "eu-west-9"}, ["got 'eu-west-9'", "in the bucket's Region"]),
        ({"key_arn": "alias/trail"}, ["not an alias"]),
        ({"key_arn": KEY.replace("eu-west-1", "us-east-1")}, ["CloudTrail needs the key in the bucket's Region"]),
        ({"object_lock": False}, ["put-object-lock-configuration"]),
    ],
)
def test_archive(changed: dict[str, Any], words: list[str]) -> None:
    given = {"name": "archive", "region": "eu-west-1", "key_arn": KEY, "object_lock": True, **changed}
    found = " | ".join(problems(lambda: hardened.ArchiveBucket(**given)))
    for expected in words:
        assert expected in found


def test_trail() -> None:
    scope = stack()
    bucket = s3.Bucket.from_bucket_name(scope, "B", "brought")
    found = problems(
        lambda: hardened.Trail(
            scope, "Trail", name="a..b", custody="x", bucket=bucket, organization_id="r-1", data_events="some",
            log_retention_days=42, notify="yes", log_group="group", insights=1,  # type: ignore[arg-type]
        )
    )  # fmt: skip
    expected = ("name needs", "custody needs", "organization_id needs", "ArchiveBucket(...)", "data_events needs",
                "log_retention_days needs", "notify needs", "insights needs", "log_group needs", "pass the trail's ARN")  # fmt: skip
    assert len(found) == len(expected)
    for words in expected:
        assert any(words in problem for problem in found), words


def test_trail_that_exists() -> None:
    scope = stack()
    group = logs.LogGroup.from_log_group_name(scope, "G", "g")
    found = problems(
        lambda: hardened.Trail(
            scope, "Trail", existing_trail_arn="hardened-eks", log_group=group, data_events="all", organization_id="o-exampleorg1",
            custody=hardened.LogCustody(),
        )
    )  # fmt: skip
    assert "existing_trail_arn needs an ARN" in found[0]
    assert [one.split(" ")[0] for one in found[1:]] == ["custody", "organization_id", "data_events"]


def test_custody_beside_a_bucket_and_buckets_as_objects() -> None:
    scope = stack()
    archive = hardened.ArchiveBucket(name="archive", region="eu-west-1", key_arn=KEY, object_lock=True)
    bucket = s3.Bucket.from_bucket_name(scope, "B", "brought")
    found = problems(
        lambda: hardened.Trail(scope, "T", bucket=archive, custody=hardened.LogCustody(), data_events=[bucket])  # type: ignore[list-item]
    )
    assert "pass it to TrailBucket" in found[0]
    assert "pass its name, bucket.bucket_name" in found[1]


def test_trail_bucket() -> None:
    found = problems(
        lambda: hardened.TrailBucket(stack(), "B", trails=["hardened-eks"], table="Trails", custody=1)  # type: ignore[arg-type]
    )
    assert [one.split(" ")[0] for one in found] == ["trails", "custody", "table"]
    assert "needs a list" in problems(lambda: hardened.TrailBucket(stack(), "B", trails=ARN))[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"snapshots": False, "documents": False}, ["nothing is set"]),
        ({"snapshots": "yes", "vpc": "off"}, ["snapshots needs", "vpc needs one of"]),
        ({"vpc_exclusions": {"vpc-0123abcd": "allow-egress"}}, ["vpc_exclusions needs vpc"]),
        ({"vpc": "block-ingress", "vpc_exclusions": {"main": "all"}}, ["IDs of VPCs", "'all' for 'main'"]),
        ({"vpc": "block-ingress", "vpc_exclusions": ["vpc-0123abcd"]}, ["needs a mapping"]),
        ({"unused_access_days": 366}, ["1 to 365"]),
    ],
)
def test_account_defaults(arguments: dict[str, Any], words: list[str]) -> None:
    found = problems(lambda: hardened.AccountDefaults(stack(), "D", **arguments))
    assert len(found) == len(words)
    for problem, expected in zip(found, words, strict=True):
        assert expected in problem


def test_organization_defaults() -> None:
    found = problems(
        lambda: hardened.OrganizationDefaults(
            stack(), "D", target_ids=["root"], name="", images="no", snapshots=False, serial_console=False,
            instance_metadata=False, message="x" * 10_000,  # type: ignore[arg-type]
        )
    )  # fmt: skip
    expected = (
        "target_ids needs IDs",
        "images needs True",
        "name needs",
        "nothing is set",
        "only in us-east-1: create this",
        "shorten message",
    )
    assert len(found) == len(expected)
    for problem, words in zip(found, expected, strict=True):
        assert words in problem
    assert "a list with one ID" in problems(lambda: hardened.OrganizationDefaults(stack(), "D", target_ids=[]))[0]
