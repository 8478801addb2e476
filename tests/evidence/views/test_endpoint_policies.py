"""Buckets of AWS in policies of endpoints."""

import pytest

from hardened_eks.evidence.views.endpoint_policies import _AWS_BUCKETS, _LAYERS


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
def test_a_bucket_of_aws_has_a_name_that_nobody_else_can_own(name: str, of_aws: bool) -> None:
    assert any(pattern.fullmatch(name) for pattern in (_LAYERS, _AWS_BUCKETS)) is of_aws
