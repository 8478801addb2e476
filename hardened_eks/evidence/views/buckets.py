"""What a bucket is for, as its users tell, and the policy that is attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    """Say whether another bucket writes its server access logs into this one."""
    return any(
        assembly.target(other.get("LoggingConfiguration.DestinationBucketName"), BUCKET, near=other) is bucket
        for other in assembly.referring(bucket, BUCKET)
    )


def takes_audit_logs(bucket: Resource, assembly: Assembly) -> bool:
    """Say whether a trail or a flow log writes into this bucket."""
    return any(
        assembly.target(user.get(path), BUCKET, near=user) is bucket
        for type_, path in _RECORDS.items()
        for user in assembly.referring(bucket, type_)
    )
