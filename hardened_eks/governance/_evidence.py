"""A locked bucket for what is handed to an auditor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from hardened_eks import _buckets, _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import problems_in
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._traces import leave_out_useless
from hardened_eks.governance._custody import LogCustody
from hardened_eks.governance._held import custody_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam


class EvidenceBucket(Construct):
    """Keeps what ``hardened-eks evidence`` writes, locked: writers add files and read none, readers change none.

    A pipeline uploads the folder of each run (docs/how-to/evidence.md). Earlier versions of a file stay as long as the
    lock. Put it into the governance stack, or into an account of its own; there, waive KY-02 and ST-02 for writers and
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
            scope: where they are created.
            id: construct id.
            custody: who reads, who is denied, and how long files stay. It needs readers.
            writers: roles that add files, such as that of a pipeline, or their ARNs. Default: who may write by a policy
                of its own, in the same account; such a role needs the key too.

        Raises:
            ConfigurationError: naming every mistake in the arguments.
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
            rules=[{"id": "Expire", "status": "Enabled", "expirationInDays": custody.keep_days}],
            lock={"mode": custody.lock.upper(), "days": custody.lock_days},
        )
        _buckets.admit_access_logs(self, "AccessLogsPolicy", access_logs, self.resource)
        self.policy = s3.CfnBucketPolicy(
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
            yield f"{arn!r} is in writers and in custody's readers: name two roles, so that nobody judges their own"
    names = [str(arn_of(one)) for one in writers]
    yield from (f"writers names {one!r} twice" for one in dict.fromkeys(names) if names.count(one) > 1)


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
    # Policies of the account's own roles allow too: anyone who is not a reader is refused, administrators included.
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
    """Refuse an upload that asks for another encryption; one that says nothing gets that of the bucket."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": files,
        "Condition": {"Null": {header: "false"}, "StringNotEquals": {header: value}},
    }
