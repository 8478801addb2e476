"""Private buckets: encrypted, versioned, without ACLs, only over TLS, and with access logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._nag import PACKS, acknowledge
from hardened_eks._roles import document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

_ACCESS_LOG_DAYS: Final = 400
_REPLICATION: Final = "a copy in another Region or account is a decision about data; the objects are versioned"
_S3_KEYS: Final = "application load balancers write only to buckets with keys of Amazon S3"
_OWN_KEY: Final = "server access logs cannot be delivered into a bucket that a KMS key encrypts by default"


def key(scope: Construct, id: str, *, what: str, statements: Sequence[Mapping[str, Any]]) -> kms.Key:
    """Create a customer managed key that outlives the stack and that the account's administrators can manage.

    Args:
        scope: the parent construct.
        id: construct ID.
        what: description of the encrypted data for people.
        statements: statements for further users of the key.
    """
    root = {"AWS": f"arn:{_aws.partition()}:iam::{_aws.account()}:root"}
    manage = {"Sid": "Manage", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return create(
        kms.Key,
        scope,
        id,
        description=f"Encrypts {what}",
        enable_key_rotation=True,
        pending_window=_aws.thirty_days(),
        removal_policy=cdk.RemovalPolicy.RETAIN,
        policy=iam.PolicyDocument.from_json(document(manage, *statements)),
    )


def bucket(
    scope: Construct,
    id: str,
    *,
    key_arn: str,
    access_logs: s3.CfnBucket,
    rules: Sequence[Mapping[str, Any]],
    lock: Mapping[str, Any] | None,
) -> s3.CfnBucket:
    """Create a bucket that outlives the stack.

    Args:
        scope: the parent construct.
        id: its construct ID.
        key_arn: ARN of the KMS key of its objects.
        access_logs: bucket for its server access logs.
        rules: lifecycle rules, in addition to the one that deletes unfinished uploads and old versions after a week.
        lock: default retention of its objects, during which they cannot be deleted. None: no lock.
    """
    made = _bucket(
        scope,
        id,
        encryption={"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key_arn},
        rules=rules,
        logging_configuration={"destinationBucketName": access_logs.ref, "logFilePrefix": f"{id}/"},
        **_locked(lock),
    )
    acknowledge(made, {f"{pack}::{pack}-S3BucketReplicationEnabled": _REPLICATION for pack in PACKS})
    return made


def access_log_bucket(scope: Construct, id: str) -> s3.CfnBucket:
    """Create the bucket for server access logs of others. S3 supports neither a KMS key nor a lock for it.

    `admit_access_logs` lets S3 write to it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    made = _bucket(
        scope,
        id,
        encryption={"sseAlgorithm": "AES256"},
        rules=[{"id": "Expire", "status": "Enabled", "expirationInDays": _ACCESS_LOG_DAYS}],
    )
    itself = "it stores server access logs, and logs of its own access would never end"
    reasons = {"AwsSolutions::AwsSolutions-S1": itself}
    for pack in PACKS:
        reasons[f"{pack}::{pack}-S3BucketReplicationEnabled"] = _REPLICATION
        reasons[f"{pack}::{pack}-S3BucketLoggingEnabled"] = itself
        reasons[f"{pack}::{pack}-S3DefaultEncryptionKMS"] = _OWN_KEY
    acknowledge(made, reasons)
    return made


def log_bucket(scope: Construct, id: str, *, access_logs: s3.CfnBucket, retention_days: int) -> s3.CfnBucket:
    """Create a bucket for logs of a service that writes only with keys of Amazon S3, such as Elastic Load Balancing.

    Args:
        scope: the parent construct.
        id: its construct ID.
        access_logs: bucket for its server access logs.
        retention_days: days after which a file is deleted.
    """
    made = _bucket(
        scope,
        id,
        encryption={"sseAlgorithm": "AES256"},
        rules=[{"id": "Expire", "status": "Enabled", "expirationInDays": retention_days}],
        logging_configuration={"destinationBucketName": access_logs.ref, "logFilePrefix": f"{id}/"},
    )
    reasons = {}
    for pack in PACKS:
        reasons[f"{pack}::{pack}-S3BucketReplicationEnabled"] = _REPLICATION
        reasons[f"{pack}::{pack}-S3DefaultEncryptionKMS"] = _S3_KEYS
    acknowledge(made, reasons)
    return made


def admit_access_logs(scope: Construct, id: str, logs: s3.CfnBucket, *sources: s3.CfnBucket) -> s3.CfnBucketPolicy:
    """Let S3 write the access logs of buckets of this account, and deny requests over HTTP."""
    arn = logs.attr_arn
    return create(
        s3.CfnBucketPolicy,
        scope,
        id,
        bucket=logs.ref,
        policy_document=document(
            {
                "Sid": "AccessLogs",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": f"{arn}/*",
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": [source.attr_arn for source in sources]},
                    "StringEquals": {"aws:SourceAccount": _aws.account()},
                },
            },
            tls_only(arn),
        ),
    )


def tls_only(arn: str) -> dict[str, Any]:
    """Return the statement that denies requests without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _bucket(
    scope: Construct, id: str, *, encryption: dict[str, str], rules: Sequence[Mapping[str, Any]], **more: Any
) -> s3.CfnBucket:
    leftovers = {
        "id": "Leftovers",
        "status": "Enabled",
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        "noncurrentVersionExpiration": {"noncurrentDays": 7},
    }
    default: dict[str, Any] = {"serverSideEncryptionByDefault": encryption}
    if encryption["sseAlgorithm"] == "aws:kms":
        default["bucketKeyEnabled"] = True
    lifecycle: Any = {"rules": [*rules, leftovers]}
    made = create(
        s3.CfnBucket,
        scope,
        id,
        bucket_encryption={"serverSideEncryptionConfiguration": [default]},
        versioning_configuration={"status": "Enabled"},
        ownership_controls={"rules": [{"objectOwnership": "BucketOwnerEnforced"}]},
        public_access_block_configuration={
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        },
        lifecycle_configuration=lifecycle,
        **more,
    )
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return made


def _locked(lock: Mapping[str, Any] | None) -> dict[str, Any]:
    if lock is None:
        return {}
    rule = {"defaultRetention": dict(lock)}
    return {
        "object_lock_enabled": True,
        "object_lock_configuration": {"objectLockEnabled": "Enabled", "rule": rule},
    }
