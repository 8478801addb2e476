from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._kinds import LOG_GROUP, TRAIL, flag_problems, instead, is_a, problems_in
from hardened_eks._nag import acknowledge
from hardened_eks._retention import retention_problems
from hardened_eks._roles import document, role
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks._views import view_of
from hardened_eks.alerts._resources import Admitted, topic
from hardened_eks.governance._bucket import (
    NAME,
    TRAIL_ARN,
    TrailBucket,
    custody_problems,
    organization_problems,
    trail_arn,
)
from hardened_eks.governance._custody import ArchiveBucket, LogCustody
from hardened_eks.governance._queries import QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME: Final = re.compile(r"(?!.*[._-]{2})[a-zA-Z0-9][a-zA-Z0-9._-]{1,126}[a-zA-Z0-9]")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ALL: Final = "all"


@TRAIL.own
class Trail(Construct):
    """Records every call of the account's APIs, in all Regions, where cluster administrators cannot reach it.

    Files lie in a locked bucket (`LogCustody`) under a key of their own, signed; the events also go to a log group,
    for alarms and searches. The trail's name is fixed and all policies name the trail, so that no other trail can
    write here. One trail is enough for an account, and each further copy of management events costs: where the
    organization has one, name it as `existing`.

    Kubernetes' own API is not in it: that is the audit log of the cluster.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str = NAME,
        custody: LogCustody | None = None,
        bucket: TrailBucket | ArchiveBucket | None = None,
        organization_id: str | None = None,
        data_events: Literal["all"] | Sequence[str] = (),
        log_days: int = 365,
        notify: bool = True,
        existing: str | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the trail and what it needs, or take one that exists.

        Args:
            scope: where it is created; of an organization trail, a stack of the management account or of a delegated
                administrator.
            id: construct id.
            name: of the trail. A change replaces the trail.
            custody: who reads the files, who is denied, and how long they stay. Default: as `LogCustody` says.
            bucket: takes the files. Default: a `TrailBucket` is created here, of `custody`.
            organization_id: ID of the organization (``o-...``), of which all accounts are recorded. CloudTrail must be
                a trusted service of it (docs/how-to/record-the-account.md). Default: this account alone.
            data_events: names of buckets whose objects are watched, reads and writes; ``all`` for every bucket of the
                account, which costs by volume (LG-08 asks for it). Default: none.
            log_days: how long the log group keeps events.
            notify: tell a topic of each file, for pipelines (LG-09).
            existing: ARN of a trail that exists, such as the organization's. Nothing of it is created here, but the
                queries where `log_group` is known. Default: a trail is created.
            log_group: the log group of the trail that exists. Default: it has none that can be reached.

        Raises:
            ConfigurationError: naming every mistake in the arguments.
        """
        problems = problems_in(scope, f"Trail '{id}'")
        given = {
            "custody": custody, "bucket": bucket, "organization_id": organization_id, "data_events": data_events or None,
        }  # fmt: skip
        problems.extend(_name_problems(name))
        problems.extend(custody_problems(custody))
        problems.extend(organization_problems(organization_id))
        problems.extend(_bucket_problems(bucket, custody))
        problems.extend(_data_problems(data_events))
        problems.extend(retention_problems("log_days", log_days))
        problems.extend(flag_problems(notify=notify))
        problems.extend(_existing_problems(existing, log_group, given))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.resource: cloudtrail.CfnTrail | None = None
        """The CloudFormation resource; None where the trail exists."""
        self.bucket: TrailBucket | ArchiveBucket | None = bucket
        """What takes the files; None where the trail exists."""
        self.trail_arn = trail_arn(name) if existing is None else existing
        """ARN of the trail."""
        self._given_group, self._group = log_group, None
        if existing is None:
            self._create(name, custody, organization_id, data_events, log_days, notify=notify)
        if self.log_group is not None:
            self._save_queries(name if existing is None else existing.rsplit("/", 1)[-1])

    @cached_property
    def log_group(self) -> logs.ILogGroup | None:
        """The log group of the trail, for metric filters and searches; None if the trail exists and has none."""
        if self._group is None:
            return self._given_group
        return view_of(self._group, logs.LogGroup.from_log_group_name(self, "LogGroupView", self._group.ref))

    def _create(
        self,
        name: str,
        custody: LogCustody | None,
        organization_id: str | None,
        data_events: str | Sequence[str],
        log_days: int,
        *,
        notify: bool,
    ) -> None:
        made = None
        if self.bucket is None:
            arns = [self.trail_arn]
            made = TrailBucket(self, "Bucket", trails=arns, custody=custody, organization_id=organization_id)
            self.bucket = made
        elif isinstance(self.bucket, TrailBucket):
            made = self.bucket
        key = _buckets.key(self, "Key", what=f"log group and topic of trail {name}", statements=self._key_statements())
        self._group = self._log_group(log_days, key.key_arn)
        writer = self._writer(self._group, organization_id)
        selectors: Any = [_MANAGEMENT, *_data_selectors(data_events)]
        bucket: Any = self.bucket
        self.resource = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=name,
            is_logging=True,
            is_multi_region_trail=True,
            is_organization_trail=organization_id is not None,
            include_global_service_events=True,
            enable_log_file_validation=True,
            s3_bucket_name=bucket.name if made is None else made.bucket_name,
            kms_key_id=bucket.key_arn,
            cloud_watch_logs_log_group_arn=self._group.attr_arn,
            cloud_watch_logs_role_arn=writer.attr_arn,
            sns_topic_name=self._topic(key.key_arn) if notify else None,
            advanced_event_selectors=selectors,
        )
        # CloudTrail tries the bucket when the trail is created; a name alone makes no order.
        if made is not None:
            self.resource.add_resource_dependency(made.policy)
        if notify:
            self.resource.add_resource_dependency(self._topic_policy)

    def _key_statements(self) -> list[dict[str, Any]]:
        groups = _aws.arn("logs", "log-group:*")
        use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        return [
            {
                "Sid": "LogGroup",
                "Principal": {"Service": f"logs.{_aws.region()}.{_aws.url_suffix()}"},
                "Action": use,
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            },
            {
                "Sid": "Topic",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceArn": self.trail_arn}},
            },
            dict(_buckets.NO_FOREIGN_GRANTS),
        ]

    def _log_group(self, days: int, key_arn: str) -> logs.CfnLogGroup:
        group = logs.CfnLogGroup(
            self, "LogGroup", kms_key_id=key_arn, retention_in_days=days, deletion_protection_enabled=True
        )
        group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return group

    def _writer(self, group: logs.CfnLogGroup, organization_id: str | None) -> Any:
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
        streams = [f"{_aws.account()}_CloudTrail_{_aws.region()}*"]
        if organization_id is not None:
            streams.append(f"{organization_id}_*")
        arns = [_aws.arn("logs", f"log-group:{group.ref}:log-stream:{stream}") for stream in streams]
        made = role(
            self,
            "Writer",
            description="CloudTrail writes its events into the log group with it",
            trust=document(
                {
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceArn": self.trail_arn}},
                }
            ),
            aws_policies={},
            statements=[{"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": arns}],
        )
        reason = "CloudTrail numbers its streams itself; the group is named"
        name = cdk.Stack.of(self).resolve(group.logical_id)
        prefix = f"Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<{name}>:log-stream:"
        seen = [
            stream.replace(_aws.account(), "<AWS::AccountId>").replace(_aws.region(), "<AWS::Region>")
            for stream in streams
        ]
        acknowledge(
            self.node.find_child("WriterPolicy"),
            {f"AwsSolutions::AwsSolutions-IAM5[{prefix}{stream}]": reason for stream in seen},
        )
        return made

    def _topic(self, key_arn: str) -> str:
        only = Admitted(
            service="cloudtrail.amazonaws.com", condition={"StringEquals": {"aws:SourceArn": self.trail_arn}}
        )
        scope = Construct(self, "Notifications")
        made, _ = topic(scope, key_arn=key_arn, admitted=[only])
        self._topic_policy: Any = scope.node.find_child("TopicPolicy")
        return str(made.attr_topic_name)

    def _save_queries(self, name: str) -> None:
        scope = Construct(self, "Queries")
        group: Any = self._group.ref if self._group is not None else self.log_group.log_group_name  # type: ignore[union-attr]
        for id_, query in QUERIES.items():
            logs.CfnQueryDefinition(
                scope,
                "".join(part.capitalize() for part in id_.split("-")),
                name=f"hardened-eks/trail/{name}/{id_}",
                query_string=query,
                log_group_names=[group],
            )


_MANAGEMENT: Final = {
    "name": "All management events",
    "fieldSelectors": [{"field": "eventCategory", "equalTo": ["Management"]}],
}


def _data_selectors(data_events: str | Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the selector of objects; the trail's own bucket is not its own subject (each file would make another)."""
    if not data_events:
        return
    fields: list[dict[str, Any]] = [
        {"field": "eventCategory", "equalTo": ["Data"]},
        {"field": "resources.type", "equalTo": ["AWS::S3::Object"]},
    ]
    if data_events != ALL:
        arns = [f"arn:{_aws.partition()}:s3:::{name}/" for name in data_events]
        fields.append({"field": "resources.ARN", "startsWith": arns})
    yield {"name": "Objects", "fieldSelectors": fields}


def _name_problems(name: object) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield (
            "name needs 3 to 128 letters, digits and single ._- between them, known now, since policies name the trail, "
            f"got {name!r}"
        )


def _bucket_problems(bucket: object, custody: object) -> Iterator[str]:
    if bucket is None:
        return
    if not isinstance(bucket, TrailBucket | ArchiveBucket):
        yield (
            f"bucket needs a TrailBucket or an ArchiveBucket, got {bucket!r}: for a bucket that exists, say its name, "
            "region, key and lock with ArchiveBucket(...)"
        )
    elif custody is not None:
        yield "custody is the bucket's: pass it to TrailBucket, not beside bucket"


def _data_problems(data_events: Any) -> Iterator[str]:
    if data_events == ALL:
        return
    if isinstance(data_events, str) or not isinstance(data_events, list | tuple):
        yield f"data_events needs 'all' or a list of names of buckets, got {data_events!r}"
        return
    for name in data_events:
        if not isinstance(name, str) or (is_literal(name) and not _BUCKET.fullmatch(name)):
            hint = ": pass its name, bucket.bucket_name" if not isinstance(name, str) else ""
            yield f"data_events needs names of buckets, got {name!r}{hint}"


def _existing_problems(existing: Any, log_group: Any, given: dict[str, Any]) -> Iterator[str]:
    if log_group is not None and not is_a(LOG_GROUP, log_group):
        yield f"log_group needs {LOG_GROUP.text}, got {log_group!r}{instead(LOG_GROUP, 'log_group', log_group)}"
    if existing is None:
        if log_group is not None:
            yield "log_group is that of a trail that exists: pass the trail's ARN as existing, or leave it out"
        return
    if not isinstance(existing, str) or (is_literal(existing) and not TRAIL_ARN.fullmatch(existing)):
        yield f"existing needs an ARN, arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME, got {existing!r}"
    for argument, value in given.items():
        if value is not None:
            yield f"{argument} cannot be set for a trail that exists ({existing!r}): leave it out, or leave out existing"
