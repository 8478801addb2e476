"""The recorder of AWS Config and its delivery channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_config as config
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._asked import account_of, key_arn_of, node_of, path_of, region_of, stack_of
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._signed_code import BUCKET
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import IConstruct

_KEY: Final = regex(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+")
_LEAST_DAYS, _MOST_DAYS = 90, 3660
_GLOBAL: Final = ("AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User")
"""Global types, which are the same in each Region: https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html"""

_made: WeakKeyDictionary[IConstruct, list[tuple[str, str, str, str]]] = WeakKeyDictionary()
"""Recorders by app: path, account and Region of the stack, and the path of the recorder."""


class ConfigRecorder(Construct):
    """A recorder of every resource of an account and Region, which delivers to its own bucket.

    An account has one recorder and one delivery channel in each Region: create none if a landing zone already did. The
    recorder uses the service-linked role of AWS Config, which must exist: ``aws iam create-service-linked-role
    --aws-service-name config.amazonaws.com``, or ``service_linked_role=True``. The bucket is not locked, because AWS
    Config does not deliver to a bucket with a default retention
    (https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html).
    """

    resource: config.CfnConfigurationRecorder
    """The CloudFormation resource of the recorder."""
    channel: config.CfnDeliveryChannel
    """The CloudFormation resource of the delivery channel."""
    bucket: s3.CfnBucket | None
    """The CloudFormation resource of the bucket; None with `bucket_name`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        bucket_name: str | None = None,
        key_arn: str | None = None,
        global_types: bool = True,
        retention_days: int = 2557,
        service_linked_role: bool = False,
    ) -> None:
        """Create the recorder and its delivery channel.

        Args:
            scope: the parent construct.
            id: construct ID.
            bucket_name: name of an existing bucket, for example in a log archive account. Its policy must admit
                ``config.amazonaws.com``, and it must not be locked. Default: a new bucket with a key.
            key_arn: ARN of the KMS key of that bucket. Default: the bucket's own encryption.
            global_types: also record IAM users, groups, roles and policies. Record them in one Region, and pass False
                in the others. Default: yes.
            retention_days: days for which a new bucket keeps files, 90 to 3660. Default: 2557, seven years, as long as
                AWS Config keeps its items.
            service_linked_role: create the service-linked role, which fails if the account already has it. Default:
                no, it exists.

        Raises:
            ConfigurationError: the bucket name or the key is invalid; a key is given without a bucket; the days are out
                of range; or this app already has a recorder in the same account and Region. The error lists all
                mistakes.
        """
        problems = problems_in(scope, f"ConfigRecorder '{id}'")
        problems.extend(flag_problems(global_types=global_types, service_linked_role=service_linked_role))
        problems.extend(_bucket_problems(bucket_name, key_arn))
        problems.require(
            isinstance(retention_days, int)
            and not isinstance(retention_days, bool)
            and _LEAST_DAYS <= retention_days <= _MOST_DAYS,
            f"retention_days needs {_LEAST_DAYS} to {_MOST_DAYS} days, got {retention_days!r}",
        )
        problems.extend(_second_problems(scope))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        stack = stack_of(self)
        place = (path_of(stack), account_of(stack), region_of(stack), path_of(self))
        _made.setdefault(node_of(self).root, []).append(place)
        self.bucket = None
        policy = None
        if bucket_name is None:
            self.bucket, key_arn, policy = self._bucket(retention_days)
            bucket_name = self.bucket.ref
        role = "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        self.resource = create(
            config.CfnConfigurationRecorder,
            self,
            "Recorder",
            role_arn=f"arn:{_aws.partition()}:iam::{_aws.account()}:{role}",
            recording_group=_group(everywhere=global_types),
        )
        if service_linked_role:
            linked = create(iam.CfnServiceLinkedRole, self, "Role", aws_service_name="config.amazonaws.com")
            linked.apply_removal_policy(cdk.RemovalPolicy.RETAIN)  # recorders of other Regions and packs use it
            self.resource.add_resource_dependency(linked)
        # No order between the two: each waits for the other, and a dependency in either direction fails after half an
        # hour.
        self.channel = create(
            config.CfnDeliveryChannel, self, "Channel", s3_bucket_name=bucket_name, s3_kms_key_arn=key_arn
        )
        if policy is not None:
            self.channel.add_resource_dependency(policy)

    def _bucket(self, retention_days: int) -> tuple[s3.CfnBucket, str, s3.CfnBucketPolicy]:
        ours = {"StringEquals": {"aws:SourceAccount": _aws.account()}}
        service = {"Principal": {"Service": "config.amazonaws.com"}}
        use = {
            "Sid": "ConfigEncrypts", **service, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
            "Condition": ours,
        }  # fmt: skip
        key = _buckets.key(self, "Key", what="files of AWS Config", statements=[use, NO_FOREIGN_GRANTS])
        access_logs = _buckets.access_log_bucket(self, "AccessLogs")
        rules = [{"id": "Expire", "status": "Enabled", "expirationInDays": retention_days}]
        made = _buckets.bucket(self, "Files", key_arn=key_arn_of(key), access_logs=access_logs, rules=rules, lock=None)
        _buckets.admit_access_logs(self, "AccessLogsPolicy", access_logs, made)
        arn = made.attr_arn
        written = {"StringEquals": {**ours["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"}}
        place = f"{arn}/AWSLogs/{_aws.account()}/Config/*"
        # https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
        policy = create(s3.CfnBucketPolicy,
            self,
            "Policy",
            bucket=made.ref,
            policy_document=document(
                {
                    "Sid": "ConfigLooks", **service, "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": arn,
                    "Condition": ours,
                },
                {"Sid": "ConfigWrites", **service, "Action": "s3:PutObject", "Resource": place, "Condition": written},
                _buckets.tls_only(arn),
            ),
        )  # fmt: skip
        policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return made, key_arn_of(key), policy


def _group(*, everywhere: bool) -> Any:
    if everywhere:
        return {"allSupported": True, "includeGlobalResourceTypes": True}
    return {
        "allSupported": False,
        "includeGlobalResourceTypes": False,
        "exclusionByResourceTypes": {"resourceTypes": list(_GLOBAL)},
        "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
    }


def _bucket_problems(bucket_name: object, key_arn: object) -> Iterator[str]:
    if bucket_name is not None and (
        not isinstance(bucket_name, str) or (is_literal(bucket_name) and not BUCKET.fullmatch(bucket_name))
    ):
        yield (
            "bucket_name needs the name of a bucket, 3 to 63 lower-case letters, digits, '.' or '-', not its ARN, "
            f"got {bucket_name!r}"
        )
    if key_arn is not None and (not isinstance(key_arn, str) or (is_literal(key_arn) and not _KEY.fullmatch(key_arn))):
        yield f"key_arn needs the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, got {key_arn!r}"
    if key_arn is not None and bucket_name is None:
        yield "key_arn is only for an existing bucket: pass bucket_name, too, or leave it out"


def recorders_of(scope: Construct) -> Iterator[str]:
    """Yield the paths of the app's recorders of the account and Region of a stack, as far as both are known."""
    stack = stack_of(scope)
    for path, account, region, recorder in _made.get(node_of(scope).root, ()):
        same = is_literal(account) and is_literal(region) and (account, region) == (account_of(stack), region_of(stack))
        if path == path_of(stack) or same:
            yield recorder


def _second_problems(scope: Construct) -> Iterator[str]:
    for recorder in recorders_of(scope):
        yield (f"{recorder} already records this account and Region, and AWS Config allows one recorder: leave one out")
