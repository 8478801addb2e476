from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks._traces import leave_out_useless
from hardened_eks.governance._custody import LogCustody
from hardened_eks.governance._held import custody_statements
from hardened_eks.governance._table import add_table, workgroup_statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TRAIL_ARN: Final = regex(r"arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:trail/(?P<name>[\w.-]{3,128})")
ORGANIZATION: Final = regex(r"o-[a-z0-9]{10,32}")
DATABASE: Final = "hardened_eks_trails"
_DATABASE: Final = regex(r"[a-z0-9_]{1,64}")
NAME: Final = "hardened-eks"
"""The default name of a trail. It is fixed so that policies can name the trail before it exists."""


class TrailBucket(Construct):
    """A locked bucket for the files of trails, with its own key. `Trail` creates one by default.

    Create it in a stack of a log archive account, and pass it to the trail of another account as an `ArchiveBucket`.
    CloudTrail may write only for the named trails, so no other account can put files there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        trails: Sequence[str] = (),
        custody: LogCustody | None = None,
        organization_id: str | None = None,
        table: str | None = DATABASE,
    ) -> None:
        """Create the bucket, its key, and the bucket for its access logs.

        Args:
            scope: the parent construct.
            id: construct ID.
            trails: ARNs of the trails that write to the bucket, for example
                ``arn:aws:cloudtrail:eu-west-1:111122223333:trail/hardened-eks``. The account of an organization trail
                is the management account. Default: the trail ``hardened-eks`` of the stack's account and Region.
            custody: readers, denied principals and retention. Default: ``LogCustody()``.
            organization_id: ID of the organization (``o-...``) whose trail writes here. Default: none, the trails
                belong to accounts.
            table: name of a database with a table of the files for Athena, 1 to 64 lower-case letters, digits and
                ``_``. A workgroup that encrypts results is created, too. None: no table. Default:
                ``hardened_eks_trails``.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"TrailBucket '{id}'")
        problems.extend(_trail_problems(trails))
        problems.extend(custody_problems(custody))
        problems.extend(organization_problems(organization_id))
        problems.require(
            table is None or (isinstance(table, str) and _DATABASE.fullmatch(table)),
            f"table needs the name of a database, 1 to 64 lower-case letters, digits and '_', or None, got {table!r}",
        )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        arns = list(trails) or [trail_arn(NAME)]
        held = LogCustody() if custody is None else custody
        accounts = sorted({arn.split(":")[4] for arn in arns})
        statements = _key_statements(arns, accounts, held) + ([] if table is None else [workgroup_statement()])
        self.key = _buckets.key(self, "Key", what="files of trails", statements=statements)
        """The key of the files."""
        self._access_logs = _buckets.access_log_bucket(self, "AccessLogs")
        retention = {"mode": held.lock.upper(), "days": held.lock_days}
        self.resource: s3.CfnBucket = _buckets.bucket(
            self,
            "Files",
            key_arn=key_arn_of(self.key),
            access_logs=self._access_logs,
            rules=[{"id": "Expire", "status": "Enabled", "expirationInDays": held.retention_days}],
            lock=retention,
        )
        """The CloudFormation resource of the bucket."""
        _buckets.admit_access_logs(self, "AccessLogsPolicy", self._access_logs, self.resource)
        places = [f"AWSLogs/{account}" for account in accounts]
        if organization_id is not None:
            places.append(f"AWSLogs/{organization_id}")
        self.bucket_name = str(self.resource.ref)
        """Name of the bucket."""
        self.policy = create(
            s3.CfnBucketPolicy,
            self,
            "Policy",
            bucket=self.bucket_name,
            policy_document=document(*_bucket_statements(self.resource.attr_arn, arns, places, held)),
        )
        """The policy of the bucket, which must exist before a trail."""
        self.policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        if table is not None:
            add_table(
                Construct(self, "Athena"),
                name=table,
                bucket_name=self.bucket_name,
                accounts=accounts,
                organization_id=organization_id,
                key_arn=key_arn_of(self.key),
            )

    @property
    def key_arn(self) -> str:
        """ARN of the key of the files."""
        return key_arn_of(self.key)


def trail_arn(name: str) -> str:
    """Return the ARN of a trail of the stack's account and Region, by name, because a reference would be circular."""
    return _aws.arn("cloudtrail", f"trail/{name}")


def custody_problems(custody: object) -> Iterator[str]:
    """Yield that an argument is not a `LogCustody`."""
    if custody is not None and not isinstance(custody, LogCustody):
        yield f"custody needs a LogCustody, got {custody!r}"


def organization_problems(value: object) -> Iterator[str]:
    """Yield that an argument is not the ID of an organization."""
    if value is None or is_text_token(value):
        return
    if not isinstance(value, str) or not ORGANIZATION.fullmatch(value):
        yield f"organization_id needs o- and 10 to 32 lower-case letters and digits, got {value!r}"


def _trail_problems(trails: object) -> Iterator[str]:
    if isinstance(trails, str) or not isinstance(trails, list | tuple):
        yield f"trails needs a list of ARNs of trails, got {trails!r}"
        return
    for arn in trails:
        if not isinstance(arn, str) or (is_literal(arn) and not TRAIL_ARN.fullmatch(arn)):
            yield f"trails needs ARNs, arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME, got {arn!r}"
        elif arn.count(":") < 5:
            yield f"trails needs ARNs with an account known during synthesis, got a deploy-time value, {arn!r}"


def _key_statements(arns: Sequence[str], accounts: Sequence[str], custody: LogCustody) -> list[dict[str, Any]]:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    service = {"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": "*"}
    context = "kms:EncryptionContext:aws:cloudtrail:arn"
    ours = [f"arn:{_aws.partition()}:cloudtrail:*:{account}:trail/*" for account in accounts]
    pinned = {"StringEquals": {"aws:SourceArn": list(arns)}}
    statements: list[dict[str, Any]] = [
        {
            "Sid": "Encrypt",
            **service,
            "Action": "kms:GenerateDataKey*",
            "Condition": {**pinned, "StringLike": {context: ours}},
        },
        {"Sid": "Describe", **service, "Action": "kms:DescribeKey", "Condition": pinned},
    ]
    others: dict[str, Any] = {"Null": {context: "false"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    if custody.readers:
        readers = {"ArnLike": {"aws:PrincipalArn": custody.reader_arns}}
        statements.append(
            {
                "Sid": "Read",
                "Principal": {"AWS": custody.reader_arns},
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],  # the last for results of Athena
                "Resource": "*",
            }
        )
        others["ArnNotLike"] = readers["ArnLike"]
    # Without it, any principal with kms:Decrypt in IAM, such as an administrator, could read the files.
    statements.append(
        {
            "Sid": "NobodyElseReads",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["kms:Decrypt", "kms:ReEncryptFrom"],
            "Resource": "*",
            "Condition": others,
        }
    )
    return [*statements, dict(NO_FOREIGN_GRANTS)]


def _bucket_statements(
    bucket_arn: str, arns: Sequence[str], places: Sequence[str], custody: LogCustody
) -> list[dict[str, Any]]:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    service = {"Principal": {"Service": "cloudtrail.amazonaws.com"}}
    pinned = {"aws:SourceArn": list(arns)}
    statements: list[dict[str, Any]] = [
        {
            "Sid": "TrailLooks",
            **service,
            "Action": "s3:GetBucketAcl",
            "Resource": bucket_arn,
            "Condition": {"StringEquals": pinned},
        },
        {
            "Sid": "TrailWrites",
            **service,
            "Action": "s3:PutObject",
            "Resource": [f"{bucket_arn}/{place}/*" for place in places],
            "Condition": {"StringEquals": {**pinned, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
        _buckets.tls_only(bucket_arn),
    ]
    return [*statements, *custody_statements(bucket_arn, custody)]
