from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._asked import key_arn_of, stack_of
from hardened_eks._kinds import TRAIL, flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._retention import retention_problems
from hardened_eks._roles import NO_FOREIGN_GRANTS, document, role
from hardened_eks._traces import leave_out_useless
from hardened_eks._views import view_of
from hardened_eks.alerts._resources import Admitted, topic
from hardened_eks.governance._arguments import (
    MANAGEMENT,
    bucket_problems,
    data_problems,
    data_selectors,
    existing_problems,
    insight_selectors,
    name_problems,
)
from hardened_eks.governance._bucket import (
    NAME,
    TrailBucket,
    custody_problems,
    organization_problems,
    trail_arn,
)
from hardened_eks.governance._queries import QUERIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.governance._custody import ArchiveBucket, LogCustody


@TRAIL.own
class Trail(Construct):
    """A trail of all API calls of the account in all Regions, which cluster administrators cannot change.

    The signed files are in a locked bucket (`LogCustody`) with its own key. The events also go to a log group, for
    alarms and searches. The name of the trail is fixed, and all policies name the trail, so no other trail can write to
    the bucket. One trail is enough for an account, and each further copy of management events costs: if the
    organization has one, pass it as `existing_trail_arn`.

    It does not record calls of the Kubernetes API: those are in the audit log of the cluster.
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
        insights: bool = False,
        log_retention_days: int = 365,
        notify: bool = True,
        existing_trail_arn: str | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the trail and its resources, or use an existing trail.

        Args:
            scope: the parent construct; for an organization trail, in a stack of the management account or of a
                delegated administrator.
            id: construct ID.
            name: name of the trail, 3 to 128 characters. A change replaces the trail. Default: ``hardened-eks``.
            custody: readers, denied principals and retention of the files. Default: ``LogCustody()``.
            bucket: bucket for the files. Default: a new `TrailBucket` with `custody`.
            organization_id: ID of the organization (``o-...``) whose accounts are all recorded. CloudTrail must be a
                trusted service of it (docs/how-to/record-the-account.md). Default: none, only this account.
            data_events: names of buckets whose object reads and writes are recorded; ``all`` for every bucket of the
                account, which costs by volume (LG-08 requires it). Default: none.
            insights: let CloudTrail Insights find unusual rates of write calls and of errors. It costs by the number of
                analyzed events. Default: no.
            log_retention_days: days for which the log group keeps events; a value that CloudWatch Logs supports, such
                as 90 or 400. Default: 365.
            notify: notify a topic of each new file, for pipelines (LG-09). Default: yes.
            existing_trail_arn: ARN of an existing trail, such as the organization's. Only the queries are created, if
                `log_group` is known. Default: none, a trail is created.
            log_group: the log group of the existing trail. Default: none.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"Trail '{id}'")
        given = {
            "custody": custody,
            "bucket": bucket,
            "organization_id": organization_id,
            "data_events": data_events or None,
            "insights": insights or None,
        }
        problems.extend(name_problems(name))
        problems.extend(custody_problems(custody))
        problems.extend(organization_problems(organization_id))
        problems.extend(bucket_problems(bucket, custody))
        problems.extend(data_problems(data_events))
        problems.extend(retention_problems("log_retention_days", log_retention_days))
        problems.extend(flag_problems(notify=notify, insights=insights))
        problems.extend(existing_problems(existing_trail_arn, log_group, given))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.resource: cloudtrail.CfnTrail | None = None
        """The CloudFormation resource; None if the trail exists."""
        self.bucket: TrailBucket | ArchiveBucket | None = bucket
        """The bucket that stores the files; None if the trail exists."""
        self.trail_arn = trail_arn(name) if existing_trail_arn is None else existing_trail_arn
        """ARN of the trail."""
        self._given_group = log_group
        self._group: logs.CfnLogGroup | None = None
        self._group_name = ""
        if existing_trail_arn is None:
            self._create(name, custody, organization_id, data_events, log_retention_days, notify=notify)
            if insights and self.resource is not None:
                self.resource.insight_selectors = insight_selectors()
        group = log_group.log_group_name if self._group is None and log_group is not None else self._group_name
        if group:
            self._save_queries(name if existing_trail_arn is None else existing_trail_arn.rsplit("/", 1)[-1], group)

    @cached_property
    def log_group(self) -> logs.ILogGroup | None:
        """The log group of the trail, for metric filters and searches; None if the trail exists and has none."""
        if self._group is None:
            return self._given_group
        return view_of(self._group, logs.LogGroup.from_log_group_name(self, "LogGroupView", self._group_name))

    def _create(
        self,
        name: str,
        custody: LogCustody | None,
        organization_id: str | None,
        data_events: str | Sequence[str],
        log_retention_days: int,
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
        group = self._group = self._log_group(log_retention_days, key_arn_of(key))
        self._group_name = group.ref
        writer = self._writer(group, organization_id)
        selectors: Any = [MANAGEMENT, *data_selectors(data_events)]
        bucket: Any = self.bucket
        self.resource = create(
            cloudtrail.CfnTrail,
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
            cloud_watch_logs_log_group_arn=group.attr_arn,
            cloud_watch_logs_role_arn=writer.attr_arn,
            sns_topic_name=self._topic(key_arn_of(key)) if notify else None,
            advanced_event_selectors=selectors,
        )
        # CloudTrail writes to the bucket when it creates the trail; the bucket's name alone creates no dependency.
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
            dict(NO_FOREIGN_GRANTS),
        ]

    def _log_group(self, days: int, key_arn: str) -> logs.CfnLogGroup:
        group = create(
            logs.CfnLogGroup,
            self,
            "LogGroup",
            kms_key_id=key_arn,
            retention_in_days=days,
            deletion_protection_enabled=True,
        )
        group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return group

    def _writer(self, group: logs.CfnLogGroup, organization_id: str | None) -> Any:
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
        streams = [f"{_aws.account()}_CloudTrail_{_aws.region()}*"]
        if organization_id is not None:
            streams.append(f"{organization_id}_*")
        arns = [_aws.arn("logs", f"log-group:{self._group_name}:log-stream:{stream}") for stream in streams]
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
        name = stack_of(self).resolve(group.logical_id)
        prefix = f"Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<{name}>:log-stream:"
        shown = {_aws.account(): "<AWS::AccountId>", _aws.region(): "<AWS::Region>"}
        seen = [_shown(stream, shown) for stream in streams]
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

    def _save_queries(self, name: str, group: str) -> None:
        scope = Construct(self, "Queries")
        for id_, query in QUERIES.items():
            create(
                logs.CfnQueryDefinition,
                scope,
                "".join(part.capitalize() for part in id_.split("-")),
                name=f"hardened-eks/trail/{name}/{id_}",
                query_string=query,
                log_group_names=[group],
            )


def _shown(text: str, values: Mapping[str, str]) -> str:
    for token, name in values.items():
        text = text.replace(token, name)
    return text
