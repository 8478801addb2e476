"""Buckets of AWS in policies of endpoints."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.evidence.views.endpoint_policies import _of_aws

AWS = re.compile(
    r"prod-[\w-]+-starport-layer-bucket|(?:amazon|aws)-ssm-[\w-]+|[\w-]+-birdwatcher-prod|al2023-repos-[\w-]+"
    r"|patch-baseline-snapshot-[\w-]+|aws-patch-manager-[\w-]+|amazonlinux[\w-]*|aws-windows-downloads-[\w-]+"
    r"|(?:repo|packages)\.[\w*-]+\.amazonaws\.com|cloudformation-custom-resource-response-[\w-]+"
)
PARTS = [
    "prod-", "-starport-layer-bucket", "aws-ssm-", "amazon-ssm-", "-birdwatcher-prod", "al2023-repos-", "amazonlinux",
    "amazonlinux-2-repos", "repo", "packages", ".", "amazonaws", ".amazonaws.com", "eu-west-1", "-", "_", "*", "x",
    "patch-baseline-snapshot-", "aws-patch-manager-", "aws-windows-downloads-", "\n", "/",
    "cloudformation-custom-resource-response-",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=5).map("".join))
@settings(max_examples=500, deadline=None)
def test_a_bucket_of_aws_has_a_name_that_nobody_else_can_own(name: str) -> None:
    assert _of_aws(name) == (AWS.fullmatch(name) is not None), name


@pytest.mark.parametrize(
    ("name", "of_aws"),
    [
        ("prod-eu-west-1-starport-layer-bucket", True),
        ("prod--starport-layer-bucket", False),
        ("prod-starport-layer-bucket", False),
        ("aws-ssm-eu-west-1", True),
        ("aws-ssm-", False),
        ("my-aws-ssm-eu-west-1", False),
        ("eu-west-1-birdwatcher-prod", True),
        ("-birdwatcher-prod", False),
        ("amazonlinux", True),
        ("amazonlinux.evil", False),
        ("repo.*.amazonaws.com", True),
        ("repo..amazonaws.com", False),
        ("repo.a.b.amazonaws.com", False),
        ("", False),
    ],
)
def test_examples(name: str, of_aws: bool) -> None:
    assert _of_aws(name) is of_aws
