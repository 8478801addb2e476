"""Nobody touches the cluster unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import problems_in
from hardened_eks._traces import leave_out_useless
from hardened_eks.detection._alarms import Alarms, camel
from hardened_eks.detection._arguments import Arguments, role_arn, role_name
from hardened_eks.detection._channels import listed, one_of, split
from hardened_eks.detection._delivery import Delivery
from hardened_eks.detection._messages import words
from hardened_eks.detection._values import values_of
from hardened_eks.detections import DETECTIONS, MetricAlarm, MetricFilter, Severity, Source
from hardened_eks.detections.grouping import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_cloudtrail as cloudtrail
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.access import BreakGlassRole
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.detections import Detection as Data

_CONTROL_PLANE = (Source.AUDIT_LOG, Source.AUTHENTICATOR_LOG)


class Detection(Construct):
    """Watches one cluster: its configuration, its audit log and what protects it.

    Rules, filters and alarms come from `hardened_eks.detections`, which says for each what it looks like, why it matters
    and what to do first.
    """

    skipped: Mapping[str, Sequence[str]]
    """Detections that are not deployed since a parameter of theirs has no value: id to names of parameters."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        alerts: AlertChannel | sns.ITopic | Sequence[AlertChannel | sns.ITopic],
        level: Literal["default", "full"] = "default",
        trusted_automation: Sequence[str | iam.IRole] = (),
        break_glass: BreakGlassRole | None = None,
        watched_roles: Sequence[str | iam.IRole] = (),
        trail: cloudtrail.Trail | logs.ILogGroup | Literal["elsewhere"] | None = None,
        global_events: Literal["trail", "us-east-1", "none"] | None = None,
        parameters: Mapping[str, str | Sequence[str]] | None = None,
        exclude: Sequence[str] = (),
        extra: Sequence[Data] = (),
        evidence: Literal["query", "log-alarm", "none"] = "query",
        digest_hour: int = 6,
        dashboard: bool = True,
        archive_days: int | None = None,
        encryption_key: kms.IKey | None = None,
        runbook_url: str | None = None,
    ) -> None:
        """Create rules, filters and alarms."""
        arguments = Arguments(
            cluster=cluster, alerts=alerts, level=level, trusted_automation=trusted_automation,
            break_glass=break_glass, watched_roles=watched_roles, trail=trail, global_events=global_events,
            parameters={} if parameters is None else parameters, exclude=exclude, extra=extra, evidence=evidence,
            digest_hour=digest_hour, dashboard=dashboard, archive_days=archive_days, encryption_key=encryption_key,
            runbook_url=runbook_url,
        )  # fmt: skip
        problems = problems_in(scope, f"Detection '{id}'")
        problems.extend(arguments.problems(scope))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self._cluster, self._runbook = cluster, runbook_url
        self._values = values_of(
            cluster,
            trusted_automation=[role_arn(role) for role in trusted_automation],
            break_glass=break_glass,
            roles=[role_name(role) for role in watched_roles],
            more=parameters or {},
        )
        chosen = self._chosen(level, exclude, extra)
        channel = one_of(listed(alerts))
        key_arn = cluster.keys.notifications.key_arn if encryption_key is None else encryption_key.key_arn
        self._delivery = Delivery(self, "Rules", channel=channel, key_arn=key_arn)
        self._make_rules([detection for detection in chosen if not detection.digest])
        topics, others = split(channel)
        self._alarms = Alarms(
            self, "Alarms", cluster_name=cluster.name, topics=topics, parameters=self._values.parameters,
            runbook=runbook_url,
        )  # fmt: skip
        self._make_alarms(chosen)
        self._delivery.finish()

    def _chosen(self, level: str, exclude: Sequence[str], extra: Sequence[Data]) -> list[Data]:
        wanted = [d for d in DETECTIONS if (level == "full" or d.default) and d.id not in exclude]
        chosen = [*wanted, *extra]
        self.skipped = {d.id: missing for d in chosen if (missing := self._values.missing(d))}
        if self.skipped:
            lines = ", ".join(f"{id_} ({', '.join(names)})" for id_, names in self.skipped.items())
            cdk.Annotations.of(self).add_info(f"not watched for lack of a value: {lines}")
        return [d for d in chosen if d.id not in self.skipped]

    def _make_rules(self, detections: Sequence[Data]) -> None:
        for group in grouped(detections, self._values.parameters, self._values.sizes):
            said = words(
                group.family, group.severity, self._cluster.name, group.detections, self._values.parameters,
                self._runbook,
            )  # fmt: skip
            self._delivery.tell(
                group.name,
                pattern=group.pattern,
                words=said,
                severity=group.severity,
                description=", ".join(detection.id for detection in group.detections),
                read_only_events=group.read_only_events,
            )

    def _make_alarms(self, detections: Sequence[Data]) -> None:
        log_group = f"/aws/eks/{self._cluster.ref}/cluster"
        for detection in detections:
            for expression in detection.expressions:
                if isinstance(expression, MetricFilter) and expression.source in _CONTROL_PLANE:
                    self._alarms.on_log(detection, expression, log_group)
                elif isinstance(expression, MetricAlarm):
                    self._alarms.on_metrics(detection, expression)


__all__: list[Any] = ["Detection", "Severity", "camel"]
