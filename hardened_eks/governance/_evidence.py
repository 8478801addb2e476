"""A locked bucket for evidence for auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from hardened_eks import _buckets, _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._traces import leave_out_useless
from hardened_eks.errors import repeated
from hardened_eks.governance._custody import LogCustody
from hardened_eks.governance._held import custody_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam


class EvidenceBucket(Construct):
    """A locked bucket for the output of ``hardened-eks evidence``: writers cannot read, and readers cannot write.

    A pipeline uploads the folder of each run (docs/how-to/evidence.md). Earlier versions of a file stay until the lock
    ends. Create it in the governance stack, or in a separate account; there, waive KY-02 and ST-02 for writers and
    readers of other accounts.
    """

    resource: s3.CfnBucket
    """The CloudFormation resource of the bucket."""
    policy: s3.CfnBucketPolicy
    """The CloudFormation resource of its policy."""

    def __init__(
        self, scope: Construct, id: str, *, custody: LogCustody, writers: Sequence[iam.IRole | str] = ()
    ) -> None:
        """Create the bucket, its key, and the bucket for its access logs.

        Args:
            scope: the parent construct.
            id: construct ID.
            custody: readers, denied principals and retention. It needs readers.
            writers: roles, or their ARNs, that add files, for example the role of a pipeline. Default: none; roles of
                the same account whose own policies allow to write, and to use the key.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"EvidenceBucket '{id}'")
        problems.extend(_argument_problems(custody, writers))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        arns = [str(arn_of(one)) for one in writers]
        self.key = _buckets.key(self, "Key", what="evidence", statements=_key_statements(arns, custody))
        """The key of the files."""
        access_logs = _buckets.access_log_bucket(self, "AccessLogs")
        self.resource = _buckets.bucket(
            self,
            "Files",
            key_arn=key_arn_of(self.key),
            access_logs=access_logs,
            rules=[{"id": "Expire", "status": "Enabled", "expirationInDays": custody.retention_days}],
            lock={"mode": custody.lock.upper(), "days": custody.lock_days},
        )
        _buckets.admit_access_logs(self, "AccessLogsPolicy", access_logs, self.resource)
        self.policy = create(
            s3.CfnBucketPolicy,
            self,
            "Policy",
            bucket=self.resource.ref,
            policy_document=document(*_bucket_statements(self.resource.attr_arn, key_arn_of(self.key), arns, custody)),
        )
        self.policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    @property
    def bucket_name(self) -> str:
        """Name of the bucket."""
        return str(self.resource.ref)

    @property
    def key_arn(self) -> str:
        """ARN of the key of the files."""
        return key_arn_of(self.key)


def _argument_problems(custody: Any, writers: Any) -> Iterator[str]:
    readers: list[str] = []
    denied: list[str] = []
    if not isinstance(custody, LogCustody):
        yield f"custody needs a LogCustody, got {custody!r}"
    else:
        readers, denied = custody.reader_arns, custody.denied_arns
        if not readers:
            yield "custody has no readers, and nobody else could read a file: LogCustody(readers=[auditor, ...])"
    if isinstance(writers, str) or not isinstance(writers, list | tuple):
        yield f"writers needs a list of roles or their ARNs, got {writers!r}"
        return
    for one in writers:
        arn = arn_of(one)
        yield from arn_problems("writers", arn)
        if arn in denied:
            yield f"{arn!r} is in writers and in custody's denied: leave it out of one"
        if arn in readers:
            yield f"{arn!r} is in writers and in custody's readers: use two roles, so that nobody reviews their own"
    yield from (f"writers names {arn!r} twice" for arn in repeated([arn_of(one) for one in writers]))


def _key_statements(writers: Sequence[str], custody: LogCustody) -> list[dict[str, Any]]:
    use = ["kms:Decrypt", "kms:GenerateDataKey"]  # the first for uploads in parts, too
    statements: list[dict[str, Any]] = [
        {
            "Sid": "Read",
            "Principal": {"AWS": custody.reader_arns},
            "Action": ["kms:Decrypt", "kms:DescribeKey"],
            "Resource": "*",
        }
    ]
    if writers:
        statements.append({"Sid": "Write", "Principal": {"AWS": list(writers)}, "Action": use, "Resource": "*"})
    return [*statements, dict(NO_FOREIGN_GRANTS)]


def _bucket_statements(
    bucket_arn: str, key_arn: str, writers: Sequence[str], custody: LogCustody
) -> list[dict[str, Any]]:
    files = f"{bucket_arn}/*"
    statements: list[dict[str, Any]] = [_buckets.tls_only(bucket_arn)]
    if writers:
        whom = {"AWS": list(writers)}
        put = ["s3:AbortMultipartUpload", "s3:PutObject"]
        look = ["s3:GetBucketLocation", "s3:ListBucket"]
        statements += [
            {"Sid": "Write", "Principal": whom, "Action": put, "Resource": files},
            {"Sid": "Look", "Principal": whom, "Action": look, "Resource": bucket_arn},
        ]
    # Policies of the account's own roles can also allow access, so everybody but readers is denied, even
    # administrators.
    statements += [
        {
            "Sid": "NobodyElseReads",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": files,
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": custody.reader_arns}},
        },
        {
            "Sid": "NobodyUnlocks",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:BypassGovernanceRetention", "s3:PutObjectRetention"],
            "Resource": files,
        },
        _only("OneKey", files, "s3:x-amz-server-side-encryption-aws-kms-key-id", key_arn),
        _only("NoOtherEncryption", files, "s3:x-amz-server-side-encryption", "aws:kms"),
    ]
    return [*statements, *custody_statements(bucket_arn, custody)]


def _only(sid: str, files: str, header: str, value: str) -> dict[str, Any]:
    """Refuse an upload with another encryption. An upload without one gets the encryption of the bucket."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": files,
        "Condition": {"Null": {header: "false"}, "StringNotEquals": {header: value}},
    }
