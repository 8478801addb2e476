"""Alerts of state machines: an event on the default bus, and rules that forward it.

A state machine puts one event and needs one permission. It depends on no topic, key or vendor.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks._owner import Place
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import warn_of_unseen_keys
from hardened_eks.alerts._rules import Rules
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.alerts._channel import AlertChannel

REPORT_SOURCE: Final = "hardened-eks"
"""`source` of the events."""
REPORT_TYPE: Final = "hardened-eks report"
"""`detail-type` of the events."""
_FIELDS: Final = {
    "title": "$.detail.title",
    "text": "$.detail.text",
    "key": "$.detail.key",
    "cluster": "$.detail.cluster",
    "detection": "$.detail.detection",
    "when": "$.time",
}


def report_entry(
    *, severity: str, title: str, text: str, key: str, cluster: str, detection: str = "", suffix: str = ""
) -> dict[str, Any]:
    """Return the entry that a state machine passes to ``arn:<partition>:states:::events:putEvents`` in ``Entries``.

    Args:
        severity: one of `Severity`. Any other value is sent as critical, so that nobody misses it.
        title: headline of a few words.
        text: the message; it may have several lines.
        key: string that is the same for repeats of the same report.
        cluster: name of the cluster. The rules of `send_reports` match only the events of their cluster.
        detection: ID of the detection that caused the report. Default: none.
        suffix: suffix of the names of the fields: ``.$`` if the values are JSON paths. Default: none, for strings and
            JSONata expressions.
    """
    detail = {
        "severity": severity, "title": title, "text": text, "key": key, "cluster": cluster, "detection": detection,
    }  # fmt: skip
    named = {f"{name}{suffix}" if value.startswith("$") else name: value for name, value in detail.items()}
    return {"Source": REPORT_SOURCE, "DetailType": REPORT_TYPE, "EventBusName": "default", "Detail": named}


def may_report() -> dict[str, Any]:
    """Return the statement that a role needs to report: `PutEvents` on the default bus, only with this source."""
    return {
        "Action": "events:PutEvents",
        "Resource": _aws.arn("events", "event-bus/default"),
        "Condition": {"StringEquals": {"events:source": REPORT_SOURCE, "events:detail-type": REPORT_TYPE}},
    }


def send_reports(
    scope: Construct,
    *,
    cluster: str,
    channel: AlertChannel,
    key_arn: str = "",
    place: Place | None = None,
    stack: StackAlerts | None = None,
) -> None:
    """Create a rule for each severity, ``Report<Severity>``, that sends the reports about a cluster to a channel.

    Args:
        scope: the parent construct of the rules, one for each cluster.
        cluster: name of the cluster.
        channel: the channel that receives the alerts.
        key_arn: ARN of the key of the queue, if this is its first use in the stack. Default: a key is created.
        place: account and Region of `scope`. Default: they are read from Node.
        stack: shared resources of the stack's alerts. Default: they are looked up.
    """
    warn_of_unseen_keys(scope, channel)
    rules = Rules(
        scope=scope,
        place=place or Place.of(scope),
        channel=channel,
        stack=stack or StackAlerts.of(scope, key_arn),
    )
    for severity in Severity:
        rules.tell(
            f"Report{severity.name.capitalize()}",
            pattern={
                "source": [REPORT_SOURCE],
                "detail-type": [REPORT_TYPE],
                "detail": {"cluster": [cluster], "severity": _severities(severity)},
            },
            says=partial(_report, severity),
            description=f"Reports of severity {severity} about {cluster}",
        )
    rules.finish()


def _report(severity: Severity, rule_arn: str) -> Sender:
    return Sender(
        service="events.amazonaws.com",
        arn=rule_arn,
        text="<text>",
        fields=_FIELDS,
        severity=severity,
        title="<title>",
        key="key",
    )


def _severities(severity: Severity) -> list[Any]:
    if severity is not Severity.CRITICAL:
        return [severity.value]
    # A report without a severity, or with an unknown one, must not be lost.
    return [severity.value, {"anything-but": [one.value for one in Severity]}, {"exists": False}]
