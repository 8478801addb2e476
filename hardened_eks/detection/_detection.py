"""The rules, filters and alarms that watch one cluster."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of, stack_of
from hardened_eks._kinds import problems_in
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._reports import send_reports
from hardened_eks.alerts._rules import Rules
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.detection import _archive, _dashboard, _digest, _evidence, _global, _queries
from hardened_eks.detection._alarms import Alarms
from hardened_eks.detection._arguments import ELSEWHERE, Arguments, role_arn, role_name
from hardened_eks.detection._channels import listed, one_of
from hardened_eks.detection._machines import Machines, key, log_group
from hardened_eks.detection._messages import words
from hardened_eks.detection._values import values_of
from hardened_eks.detections import DETECTIONS, MetricAlarm, MetricFilter, Source, insights
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

_CONTROL_PLANE: Final = (Source.AUDIT_LOG, Source.AUTHENTICATOR_LOG)
_LONGEST_LOG_GROUP: Final = 500
_OBSERVABILITY: Final = "amazon-cloudwatch-observability"
"""The add-on of Container Insights."""


class Detection(Construct):
    """Watches one cluster: its configuration, its audit log, and what protects it.

    Rules, filters and alarms come from `hardened_eks.detections`, which explains for each the pattern, the risk and the
    first step of the response (docs/reference/detections.md). It uses no Lambda function.

    EventBridge receives API calls only while a trail records management events in the stack's Region.
    """

    skipped: Mapping[str, Sequence[str]]
    """Detections that are not deployed because parameters have no value: the names of these parameters by ID."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        alerts: AlertChannel | sns.ITopic | Sequence[AlertChannel | sns.ITopic],
        level: Literal["default", "full"] = "default",
        trusted_automation: Sequence[str | iam.IRole] = (),
        break_glass_role: BreakGlassRole | None = None,
        watched_roles: Sequence[str | iam.IRole] = (),
        trail: cloudtrail.Trail | logs.ILogGroup | Literal["elsewhere"] | None = None,
        containers_log_group: logs.ILogGroup | None = None,
        global_events: Literal["trail", "us-east-1", "us-gov-west-1", "cn-north-1", "none"] | None = None,
        parameters: Mapping[str, str | Sequence[str]] | None = None,
        exclude: Sequence[str] = (),
        extra: Sequence[Data] = (),
        evidence: Literal["query", "log-alarm", "none"] = "query",
        digest_hour: int = 6,
        dashboard: bool = True,
        archive_retention_days: int | None = None,
        encryption_key: kms.IKey | None = None,
        runbook_url: str | None = None,
    ) -> None:
        """Create rules, filters and alarms.

        Args:
            scope: the parent construct: a stack of the cluster's account and Region.
            id: construct ID.
            cluster: the cluster.
            alerts: receives the alerts: a channel, your own topic, or up to five of them.
            level: ``default`` has no alerts for a normal deployment; ``full`` adds detections that need tuning or
                further services. Default: ``default``.
            trusted_automation: roles that deploy through CloudFormation, or their ARNs. Their changes are only in the
                digest; CloudFormation with any other role is reported like a manual change. Default: none; every change
                is reported.
            break_glass_role: the break-glass role, whose use is reported. Default: none; its use is not reported by
                this construct.
            watched_roles: the roles of the cluster and its nodes, or their names; their changes are reported. Default:
                none; ``iam-role-changed`` is not deployed.
            trail: the trail of this account, or its log group; ``elsewhere`` for a trail outside of this program, such
                as the organization's. Default: not known, with a warning.
            containers_log_group: existing log group to which the add-on amazon-cloudwatch-observability writes the
                output of containers, ``/aws/containerinsights/<cluster>/application``. The detection reads
                kube-bench's reports on nodes from it. Default: not known; ``kube-bench-failed`` is not deployed.
            global_events: source of the events of global services (IAM, sign-in, STS's global endpoint), which
                EventBridge has only in one Region: ``trail`` for filters on the trail's log group; ``us-east-1``, in
                GovCloud ``us-gov-west-1``, in China ``cn-north-1`` for `GlobalEvents` in a stack of that Region, which
                sends them to the bus of this one; or ``none``, with a warning. Default: ``trail`` if a log group is
                known, else ``none``.
            parameters: further values by name, as in a file of `hardened-eks detections --parameters-file`: secrets,
                admin hosts, principals that may list secrets. Default: none.
            exclude: IDs of detections to leave out. Default: none.
            extra: your own detections. Default: none.
            evidence: how to find the principal behind an alarm. ``query``: a state machine runs the saved query of the
                alarm and reports user, address, object and time. ``log-alarm``: alarms on queries, whose notification
                contains the lines. ``none``: no evidence. Default: ``query``.
            digest_hour: hour of the daily digest in UTC, 0 to 23. Default: 6.
            dashboard: create the dashboard. Default: yes.
            archive_retention_days: days for which matched events are archived, to replay them, 1 to 3,653. Default: no
                archive.
            encryption_key: KMS key that encrypts the queue of undelivered alerts. Default: ``notifications`` of the
                cluster's keys.
            runbook_url: URL of the page with the runbooks, to which messages link, with the ID of the detection as the
                fragment. Default: none; messages contain the ID.

        Raises:
            ConfigurationError: an argument is invalid, or the channels have more targets than a rule can have. The
                error lists all mistakes.
        """
        arguments = Arguments(
            cluster=cluster, alerts=alerts, level=level, trusted_automation=trusted_automation,
            break_glass_role=break_glass_role, watched_roles=watched_roles, trail=trail,
            containers_log_group=containers_log_group, global_events=global_events,
            parameters={} if parameters is None else parameters, exclude=exclude, extra=extra, evidence=evidence,
            digest_hour=digest_hour, dashboard=dashboard, archive_retention_days=archive_retention_days,
            encryption_key=encryption_key, runbook_url=runbook_url,
        )  # fmt: skip
        problems = problems_in(scope, f"Detection '{id}'")
        problems.extend(arguments.problems(scope))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self._cluster, self._runbook, self._evidence = cluster, runbook_url, evidence
        self._log_group_name = f"/aws/eks/{self._after_cluster()}/cluster"
        self._log_groups = dict.fromkeys(_CONTROL_PLANE, self._log_group_name)
        if containers_log_group is not None:
            self._log_groups[Source.CONTAINERS_LOG] = containers_log_group.log_group_name
        self._values = values_of(
            cluster,
            trusted_automation=[role_arn(role) for role in trusted_automation],
            break_glass_role=break_glass_role,
            roles=[role_name(role) for role in watched_roles],
            more=parameters or {},
        )
        self._chosen = self._choose(level, exclude, extra)
        channel = one_of(listed(alerts))
        key_arn = key_arn_of(cluster.keys.notifications) if encryption_key is None else key_arn_of(encryption_key)
        self._place = _owner.Place.of(self)
        self._rules = Rules(
            scope=Construct(self, "Rules"), place=self._place.below("Rules"), channel=channel,
            stack=StackAlerts.of(self, key_arn),
        )  # fmt: skip
        self._alarms = Alarms(
            self, "Alarms", path=self._place.below("Alarms").path, cluster_name=cluster.name, channel=channel,
            observed=_OBSERVABILITY in getattr(cluster, "addons", ()), parameters=self._values.parameters,
            runbook=runbook_url,
        )  # fmt: skip
        self._make_rules()
        self._make_alarms()
        self._see_global_events(trail, global_events)
        queries = self._save_queries()
        self._find_evidence(queries)
        self._sum_up(digest_hour)
        self._alarms.finish()
        self._rules.finish()
        send_reports(
            Construct(self, "Reports"), cluster=cluster.name, channel=channel,
            place=self._place.below("Reports"), stack=self._rules.stack,
        )  # fmt: skip
        if dashboard:
            self._picture()
        if archive_retention_days is not None:
            key_arn = self._machines.key_arn
            _archive.add(self, self._place, cluster.name, self._chosen, key_arn=key_arn, days=archive_retention_days)

    @property
    def digest_log_group(self) -> logs.CfnLogGroup:
        """The log group that records detections of low severity."""
        return self._digest_log_group

    def _after_cluster(self) -> str:
        """Return the cluster's name, and let the readers of its log group wait for that group."""
        here, there = stack_of(self), stack_of(cast("Construct", self._cluster))
        if here is there:
            return self._cluster.ref
        here.add_stack_dependency(there)
        return self._cluster.name

    @property
    def _log_streams(self) -> str:
        """ARN of the streams of the control-plane log, by name and not by reference, since policies need no order."""
        return _aws.arn("logs", f"log-group:/aws/eks/{self._cluster.name}/cluster:*")

    @cached_property
    def _machines(self) -> Machines:
        scope = Construct(self, "Machines")
        group = log_group(scope, "LogGroup", key_arn_of(self._cluster.keys.logs))
        return Machines(place=self._place, key_arn=key(scope).key_arn, log_group_arn=group.attr_arn)

    def _choose(self, level: str, exclude: Sequence[str], extra: Sequence[Data]) -> list[Data]:
        wanted = [d for d in DETECTIONS if (level == "full" or d.default) and d.id not in exclude]
        wanted += extra
        self.skipped = {d.id: missing for d in wanted if (missing := self._missing(d))}
        if self.skipped:
            lines = ", ".join(f"{id_} ({', '.join(names)})" for id_, names in self.skipped.items())
            cdk.Annotations.of(self).add_info(f"not deployed because a parameter has no value: {lines}")
        return [d for d in wanted if d.id not in self.skipped]

    def _missing(self, detection: Data) -> list[str]:
        """Return the values that a detection lacks: parameters, or the log group of its only expression."""
        if [e.source for e in detection.expressions] == [Source.CONTAINERS_LOG] and (
            Source.CONTAINERS_LOG not in self._log_groups
        ):
            return ["containers_log_group"]
        return self._values.missing(detection)

    def _make_rules(self) -> None:
        told = [detection for detection in self._chosen if not detection.digest]
        for group in grouped(told, self._values.parameters, self._values.sizes):
            said = words(group, self._cluster.name, self._values.parameters, self._runbook)
            self._rules.tell(
                group.name,
                pattern=group.pattern,
                says=partial(said.sender, group.severity),
                description=", ".join(detection.id for detection in group.detections),
                read_only_events=group.read_only_events,
            )

    def _make_alarms(self) -> None:
        for detection in self._chosen:
            for expression in detection.expressions:
                if isinstance(expression, MetricFilter) and expression.source in self._log_groups:
                    if not detection.digest and not self._by_log_alarm(detection):
                        self._alarms.on_log(detection, expression, self._log_groups[expression.source])
                elif isinstance(expression, MetricAlarm):
                    self._alarms.on_metrics(detection, expression, self._log_group_name)

    def _by_log_alarm(self, detection: Data) -> bool:
        """Return whether an alarm on its query replaces the one on its metric. A surge needs the metric."""
        filters = [e for e in detection.expressions if isinstance(e, MetricFilter) and e.source in _CONTROL_PLANE]
        return (
            self._evidence == "log-alarm"
            and not detection.digest
            and bool(filters)
            and all(expression.threshold == 1 for expression in filters)
        )

    def _see_global_events(self, trail: Any, choice: str | None) -> None:
        _global.see(
            self, trail=None if trail == ELSEWHERE else trail, known=trail is not None, choice=choice,
            detections=self._chosen, alarms=self._alarms,
        )  # fmt: skip

    def _save_queries(self) -> dict[str, str]:
        scope = Construct(self, "Queries")
        logged = [d for d in self._chosen if any(e.source in _CONTROL_PLANE for e in d.expressions)]
        return _queries.save(scope, self._cluster.name, self._log_group_name, logged, self._values.parameters)

    def _find_evidence(self, queries: Mapping[str, str]) -> None:
        arn = self._log_streams
        if self._evidence == "query":
            _evidence.by_query(
                Construct(self, "Evidence"), cluster_name=self._cluster.name, log_group_name=self._log_group_name,
                log_group_arn=arn, detections=self._chosen, queries=queries, machines=self._machines,
                alarms=self._alarms, rules=self._rules,
            )  # fmt: skip
        elif self._evidence == "log-alarm":
            _evidence.by_log_alarms(
                Construct(self, "LogAlarms"), cluster_name=self._cluster.name, log_group_name=self._log_group_name,
                log_group_arn=arn, alarms=self._alarms,
                queries=[
                    (d, found)
                    for d in self._chosen
                    if self._by_log_alarm(d) and (found := insights.query(d, self._values.parameters))
                ],
            )  # fmt: skip

    def _sum_up(self, hour: int) -> None:
        scope = Construct(self, "Digest")
        quiet = [d for d in self._chosen if d.digest]
        logged = [
            {"title": d.title, "group": self._log_group_name, "query": _queries.counted(found)}
            for d in quiet
            if (found := insights.condition(d, self._values.parameters))
        ]
        name = self._place.below("Digest").name(_LONGEST_LOG_GROUP)
        group = self._digest_log_group = log_group(
            # EventBridge's own policies for log groups cover only this prefix.
            scope, "LogGroup", key_arn_of(self._cluster.keys.logs), name=f"/aws/events/{name}"
        )  # fmt: skip
        _digest.add(
            scope, cluster_name=self._cluster.name, detections=quiet, values=self._values, logged=logged,
            control_plane_arn=self._log_streams, group=group, machines=self._machines,
            rules=self._rules, hour=hour,
        )  # fmt: skip

    def _picture(self) -> None:
        scope = Construct(self, "Picture")
        ranked = _queries.contributors(scope, self._cluster.name, self._log_group_name)
        counted = [d for d in self._chosen if any(e.source in _CONTROL_PLANE for e in d.expressions)]
        _dashboard.add(
            scope, place=self._place.below("Picture"),
            cluster_name=self._cluster.name, log_group_name=self._log_group_name,
            namespace=self._alarms.namespace, watched=self._alarms.watched,
            detections=[d for d in counted if not d.digest and not self._by_log_alarm(d)], contributors=ranked,
        )  # fmt: skip
