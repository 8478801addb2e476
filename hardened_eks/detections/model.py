"""A detection: one thing to be told about, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hardened_eks.detections.expressions import fill_filter, fill_pattern, fill_value
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.detections.parameters import Parameters

ANCHORS = {
    "cis-aws": "CIS AWS Foundations Benchmark, section 4",
    "conformity": "Trend Vision One Conformity, real-time threat monitoring",
    "eks-best-practices": "Amazon EKS Best Practices Guide",
    "elastic": "Elastic detection rules",
    "falco": "Falco rules for EKS audit logs",
    "guardduty": "Amazon GuardDuty, a finding type of the same meaning",
    "panther": "Panther detections",
    "sigma": "Sigma rules",
    "splunk": "Splunk security content",
    "stratus": "Stratus Red Team, an attack technique that it answers",
    "sumo-logic": "Sumo Logic Cloud SIEM rules",
    "wazuh": "Wazuh rules",
}
"""Public collections that have a detection of the same meaning: id -> title."""


class Source(StrEnum):
    """Where the records come from that an expression reads."""

    EVENTBRIDGE = "eventbridge"
    """The default event bus of the cluster's account and Region."""
    AUDIT_LOG = "audit-log"
    """`kube-apiserver-audit-*` streams of the control-plane log group."""
    AUTHENTICATOR_LOG = "authenticator-log"
    """`authenticator-*` streams of the control-plane log group."""
    TRAIL_LOG = "trail-log"
    """The log group of a multi-Region trail: global services (IAM, sign-in) are only there or in us-east-1."""
    CONTAINERS_LOG = "containers-log"
    """What containers print, in the log group of the add-on amazon-cloudwatch-observability."""
    ALARM = "alarm"
    """CloudWatch metrics of AWS services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPattern:
    """An EventBridge pattern with named parameters."""

    pattern: Mapping[str, Any]
    """The pattern; ``"<name>"`` stands for a parameter, a list parameter takes as many places as it has values."""
    read_only_events: bool = False
    """The rule needs the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS: EventBridge withholds read-only calls."""
    default: bool = True
    """Part of the default set where its detection is."""

    @property
    def source(self) -> Source:
        """EventBridge."""
        return Source.EVENTBRIDGE

    def filled(self, parameters: Parameters) -> dict[str, Any]:
        """Return the pattern with the parameters' values.

        Raises:
            ConfigurationError: The pattern is longer than the 2,048 characters of the default quota.
        """
        return fill_pattern(self.pattern, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter:
    """A CloudWatch Logs metric-filter pattern with named parameters, and when its count is too high."""

    source: Source
    pattern: str
    """The pattern; a comparison with a list parameter is repeated for each value."""
    threshold: int = 1
    """Matches within `period` that raise the alarm."""
    period: int = 60
    """Seconds."""
    anomaly: bool = False
    """An anomaly-detection band fits as well: how much is normal differs from cluster to cluster."""
    default: bool = True
    """Part of the default set where its detection is."""

    def filled(self, parameters: Parameters) -> str:
        """Return the pattern with the parameters' values.

        Raises:
            ConfigurationError: The pattern is longer than the 1,024 characters of a metric filter.
        """
        return fill_filter(self.pattern, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAlarm:
    """Alarms on metrics that AWS publishes, in the property names of AWS::CloudWatch::Alarm."""

    alarms: tuple[Mapping[str, Any], ...]
    default: bool = True
    """Part of the default set where its detection is."""

    @property
    def source(self) -> Source:
        """CloudWatch metrics."""
        return Source.ALARM

    def filled(self, parameters: Parameters) -> dict[str, Any]:
        """Return the alarm, or ``{"AnyOf": [alarms]}`` where several have one meaning."""
        alarms: list[dict[str, Any]] = fill_value(list(self.alarms), parameters)
        return alarms[0] if len(alarms) == 1 else {"AnyOf": alarms}


Expression = EventPattern | MetricFilter | MetricAlarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One thing to be told about: what it looks like, why it matters and what to do first."""

    id: str
    """Its name forever, for example ``eks-endpoint-public``."""
    title: str
    """What happened, in one line: the subject of the message."""
    severity: Severity
    default: bool
    """Part of the default set. False: only with ``level="full"``."""
    why: str
    """What an attacker gains, or what an auditor asks."""
    first: tuple[str, ...]
    """Runbook: what the person who is paged does first, one step a line. May name parameters."""
    expressions: tuple[Expression, ...]
    """The expressions, at most one per source."""
    false_positives: str
    """Known harmless causes."""
    technique: str
    """MITRE ATT&CK technique, for example ``T1078.004``. Empty: an operational detection."""
    anchors: tuple[str, ...] = ()
    """Keys of `ANCHORS`."""
    requirements: tuple[str, ...] = ()
    """Keys of the requirement catalog that it answers (see `hardened_eks.controls.frameworks`)."""
    digest: bool = False
    """Recorded and summed up; wakes nobody."""
    blind: str = ""
    """What the expression cannot see. Empty: nothing known."""
    calls: tuple[str, ...] = ()
    """Calls of the EKS API whose severity it gives."""

    def expression(self, source: Source) -> Expression | None:
        """Return the expression for `source`, or None."""
        return next((e for e in self.expressions if e.source == source), None)


__all__ = ["ANCHORS", "Detection", "EventPattern", "Expression", "MetricAlarm", "MetricFilter", "Severity", "Source"]
