"""The purpose of a bucket, based on the resources that use it, and its policies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks.data.aws_accounts import LOG_DELIVERY, LOG_DELIVERY_SERVICE, NETWORK_LOG_DELIVERY_SERVICE
from hardened_eks.evidence.policies import statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

BUCKET: Final = "AWS::S3::Bucket"
BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
_RECORDS: Final = {"AWS::CloudTrail::Trail": "S3BucketName", "AWS::EC2::FlowLog": "LogDestination"}


def policies_of(bucket: Resource, assembly: Assembly) -> Iterator[Resource]:
    """Yield the bucket policies that are attached to `bucket`."""
    for policy in assembly.referring(bucket, BUCKET_POLICY):
        if assembly.target(policy.get("Bucket"), BUCKET, near=policy) is bucket:
            yield policy


def takes_access_logs(bucket: Resource, assembly: Assembly) -> bool:
    """Return whether another bucket writes its server access logs into this one."""
    return any(
        assembly.target(other.get("LoggingConfiguration.DestinationBucketName"), BUCKET, near=other) is bucket
        for other in assembly.referring(bucket, BUCKET)
    )


def takes_load_balancer_logs(bucket: Resource, assembly: Assembly) -> bool:
    """Return whether the bucket policy lets only Application or Classic Load Balancers write."""
    writers = [
        name
        for policy in policies_of(bucket, assembly)
        for statement in statements(policy.get("PolicyDocument"))
        if statement.allows and statement.does("s3:PutObject")
        for _, name in statement.principals
    ]
    return any(map(_balancer, writers)) and all(_balancer(w) or w == NETWORK_LOG_DELIVERY_SERVICE for w in writers)


def _balancer(principal: str) -> bool:
    account = re.search(r"(?:^|:)(\d{12})(?:$|:root$)", principal)
    return principal == LOG_DELIVERY_SERVICE or (account is not None and account[1] in LOG_DELIVERY)


def takes_audit_logs(bucket: Resource, assembly: Assembly) -> bool:
    """Return whether a trail or a flow log writes into this bucket."""
    return any(
        assembly.target(user.get(path), BUCKET, near=user) is bucket
        for type_, path in _RECORDS.items()
        for user in assembly.referring(bucket, type_)
    )
