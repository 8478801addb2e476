"""A detection as data: an event to report, with its expressions and runbook."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
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
"""Public collections with equivalent detections: ID -> title."""


class Source(StrEnum):
    """The source of the records that an expression evaluates."""

    EVENTBRIDGE = "eventbridge"
    """The default event bus of the cluster's account and Region."""
    AUDIT_LOG = "audit-log"
    """`kube-apiserver-audit-*` streams of the control-plane log group."""
    AUTHENTICATOR_LOG = "authenticator-log"
    """`authenticator-*` streams of the control-plane log group."""
    TRAIL_LOG = "trail-log"
    """The log group of a multi-Region trail: events of global services (IAM, sign-in) are only there or in
    us-east-1."""
    CONTAINERS_LOG = "containers-log"
    """Container output, in the log group of the add-on amazon-cloudwatch-observability."""
    ALARM = "alarm"
    """CloudWatch metrics of AWS services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPattern:
    """An EventBridge pattern with named parameters."""

    pattern: Mapping[str, Any]
    """The pattern; ``"<name>"`` is a parameter, and a list parameter is replaced by all its values."""
    read_only_events: bool = False
    """Whether the rule needs the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS to receive read-only calls.
    Default: False."""
    default: bool = True
    """Whether it is part of the default set if its detection is. Default: True."""

    @property
    def source(self) -> Source:
        """EventBridge."""
        return Source.EVENTBRIDGE

    def filled(self, parameters: Parameters) -> dict[str, Any]:
        """Return the pattern with the parameters' values.

        Args:
            parameters: the values of the named parameters.

        Raises:
            ConfigurationError: The pattern is longer than the 2,048 characters of the default quota.
        """
        return fill_pattern(self.pattern, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter:
    """A CloudWatch Logs metric filter pattern with named parameters, and the threshold of its alarm."""

    source: Source
    """The log that the filter reads."""
    pattern: str
    """The pattern; a comparison with a list parameter is repeated for each value."""
    threshold: int = 1
    """The number of matches within `period` that raises the alarm. Default: 1."""
    period: int = 60
    """The period in seconds. Default: 60."""
    anomaly: bool = False
    """Whether an anomaly detection band can be used as well, because the normal number differs between clusters.
    Default: False."""
    default: bool = True
    """Whether it is part of the default set if its detection is. Default: True."""

    def filled(self, parameters: Parameters) -> str:
        """Return the pattern with the parameters' values.

        Args:
            parameters: the values of the named parameters.

        Raises:
            ConfigurationError: The pattern is longer than the 1,024 characters of a metric filter.
        """
        return fill_filter(self.pattern, parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAlarm:
    """Alarms on metrics, with the property names of AWS::CloudWatch::Alarm.

    AWS publishes the metric, or a metric filter counts the lines of the control-plane log that match ``FilterPattern``.
    """

    alarms: tuple[Mapping[str, Any], ...]
    """The alarms, of which each raises the alert."""
    default: bool = True
    """Whether it is part of the default set if its detection is. Default: True."""

    @property
    def source(self) -> Source:
        """CloudWatch metrics."""
        return Source.ALARM

    def filled(self, parameters: Parameters) -> dict[str, Any]:
        """Return the alarm, or ``{"AnyOf": [alarms]}`` for several alarms.

        Args:
            parameters: the values of the named parameters.
        """
        alarms: list[dict[str, Any]] = fill_value(list(self.alarms), parameters)
        return alarms[0] if len(alarms) == 1 else {"AnyOf": alarms}


Expression = EventPattern | MetricFilter | MetricAlarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One event to report: its expressions, why it matters, and the first steps."""

    id: str
    """The permanent ID, for example ``eks-endpoint-public``."""
    title: str
    """The event in one line, which is the subject of the message."""
    severity: Severity
    """The severity of the alert."""
    default: bool
    """Whether it is part of the default set. False: only with ``level="full"``."""
    why: str
    """Why it matters: what an attacker gains, or what an auditor asks for."""
    first: tuple[str, ...]
    """The runbook: the first steps for the person who is paged. They may contain parameters."""
    expressions: tuple[Expression, ...]
    """The expressions, at most one per source."""
    false_positives: str
    """Known harmless causes."""
    technique: str
    """The MITRE ATT&CK technique, for example ``T1078.004``. Empty: an operational detection."""
    anchors: tuple[str, ...] = ()
    """Keys of `ANCHORS`. Default: none."""
    requirements: tuple[str, ...] = ()
    """Keys of the requirements in the catalog that it covers (see `hardened_eks.controls.frameworks`).
    Default: none."""
    digest: bool = False
    """Whether it is only recorded and summarized, without paging anybody. Default: False."""
    blind: str = ""
    """Limits of the expressions. Default: empty, none known."""
    calls: tuple[str, ...] = ()
    """Calls of the EKS API that have its severity. Default: none."""

    def expression(self, source: Source) -> Expression | None:
        """Return the expression for a source.

        Args:
            source: the source of the records.

        Returns:
            The expression, or None if the detection has none for the source.
        """
        return next((e for e in self.expressions if e.source == source), None)


__all__ = ["ANCHORS", "Detection", "EventPattern", "Expression", "MetricAlarm", "MetricFilter", "Severity", "Source"]
