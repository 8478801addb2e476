"""The parts of a detection, which describes an event to alert on."""

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
    """The source of the records that an expression reads."""

    EVENTBRIDGE = "eventbridge"
    """The default event bus of the cluster's account and Region."""
    AUDIT_LOG = "audit-log"
    """`kube-apiserver-audit-*` streams of the control-plane log group."""
    AUTHENTICATOR_LOG = "authenticator-log"
    """`authenticator-*` streams of the control-plane log group."""
    TRAIL_LOG = "trail-log"
    """The log group of a multi-Region trail. Events of global services are only there or in us-east-1."""
    CONTAINERS_LOG = "containers-log"
    """The output of containers, in the log group of the add-on amazon-cloudwatch-observability."""
    ALARM = "alarm"
    """CloudWatch metrics of AWS services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPattern:
    """An EventBridge event pattern with named parameters."""

    pattern: Mapping[str, Any]
    """The event pattern. ``"<name>"`` stands for a parameter; a list parameter is replaced by all its values."""
    read_only_events: bool = False
    """Whether the rule needs the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS, because EventBridge otherwise
    withholds read-only calls. Default: False."""
    default: bool = True
    """Whether it is in the default set if its detection is. Default: True."""

    @property
    def source(self) -> Source:
        """EventBridge."""
        return Source.EVENTBRIDGE

    def filled(self, parameters: Parameters) -> dict[str, Any]:
        """Return the pattern with the parameters' values.

        Args:
            parameters: the values of the named parameters.

        Returns:
            The event pattern of a rule.

        Raises:
            ConfigurationError: the pattern is longer than the 2,048 characters of the default quota.
        """
        return fill_pattern(self.pattern, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter:
    """A CloudWatch Logs metric-filter pattern with named parameters, and the threshold of its alarm."""

    source: Source
    """The log that the filter reads."""
    pattern: str
    """The filter pattern. A comparison with a list parameter is repeated for each value."""
    threshold: int = 1
    """Number of matches within `period` that raise the alarm. Default: 1."""
    period: int = 60
    """Length of the period in seconds. Default: 60."""
    anomaly: bool = False
    """Whether an anomaly-detection band fits as well, because the normal count differs between clusters. Default:
    False."""
    default: bool = True
    """Whether it is in the default set if its detection is. Default: True."""

    def filled(self, parameters: Parameters) -> str:
        """Return the pattern with the parameters' values.

        Args:
            parameters: the values of the named parameters.

        Returns:
            The pattern of a metric filter.

        Raises:
            ConfigurationError: the pattern is longer than the 1,024 characters of a metric filter.
        """
        return fill_filter(self.pattern, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAlarm:
    """Alarms on metrics that AWS publishes, in the property names of AWS::CloudWatch::Alarm."""

    alarms: tuple[Mapping[str, Any], ...]
    """The alarms; several have the same meaning, and any of them raises the alert."""
    default: bool = True
    """Whether it is in the default set if its detection is. Default: True."""

    @property
    def source(self) -> Source:
        """CloudWatch metrics."""
        return Source.ALARM

    def filled(self, parameters: Parameters) -> dict[str, Any]:
        """Return the alarm with the parameters' values, or ``{"AnyOf": [alarms]}`` for several alarms.

        Args:
            parameters: the values of the named parameters.

        Returns:
            Properties of an alarm.
        """
        alarms: list[dict[str, Any]] = fill_value(list(self.alarms), parameters)
        return alarms[0] if len(alarms) == 1 else {"AnyOf": alarms}


Expression = EventPattern | MetricFilter | MetricAlarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """An event to alert on, with its expressions, the reason why it matters, and a runbook."""

    id: str
    """The ID, which never changes, for example ``eks-endpoint-public``."""
    title: str
    """What happened, in one line: the subject of the message."""
    severity: Severity
    """The severity of the alert."""
    default: bool
    """Whether it is in the default set. False: only with ``level="full"``."""
    why: str
    """What an attacker gains, or what an auditor asks."""
    first: tuple[str, ...]
    """Runbook: the first steps of the person who is paged, one string per step. They may name parameters."""
    expressions: tuple[Expression, ...]
    """The expressions, at most one per source."""
    false_positives: str
    """Known harmless causes."""
    technique: str
    """MITRE ATT&CK technique, for example ``T1078.004``. Empty: an operational detection."""
    anchors: tuple[str, ...] = ()
    """Public collections with a detection of the same meaning, keys of `ANCHORS`. Default: none."""
    requirements: tuple[str, ...] = ()
    """Keys of the requirements that it meets, from `hardened_eks.controls.frameworks`. Default: none."""
    digest: bool = False
    """Whether it is only recorded and summarized, without an alert. Default: False."""
    blind: str = ""
    """What the expression cannot see. Default: empty, nothing known."""
    calls: tuple[str, ...] = ()
    """Calls of the EKS API for which it determines the severity. Default: none."""

    def expression(self, source: Source) -> Expression | None:
        """Return the expression for a source.

        Args:
            source: the source of the records.

        Returns:
            The expression, or None if the detection has none for the source.
        """
        return next((e for e in self.expressions if e.source == source), None)


__all__ = ["ANCHORS", "Detection", "EventPattern", "Expression", "MetricAlarm", "MetricFilter", "Severity", "Source"]
