"""Common statements of the policies of evidence buckets, for readers and denied principals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.governance._custody import LogCustody


def custody_statements(bucket_arn: str, custody: LogCustody) -> Iterator[dict[str, Any]]:
    """Yield the statements of a bucket's policy that admit readers and deny others.

    Args:
        bucket_arn: ARN of the bucket.
        custody: readers and denied principals.
    """
    both = [bucket_arn, f"{bucket_arn}/*"]
    if custody.readers:
        yield {
            "Sid": "Read",
            "Principal": {"AWS": custody.reader_arns},
            "Action": ["s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
            "Resource": both,
        }
    if custody.denied:
        yield {
            "Sid": "OutOfReach",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": both,
            "Condition": {"ArnLike": {"aws:PrincipalArn": custody.denied_arns}},
        }
