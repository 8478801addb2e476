"""The one way in which state machines alert people: an event on the default bus, and rules that send it on.

A state machine puts one event and needs one permission. It knows no topic, no key and no vendor.
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
    """Create the entry that a state machine gives to ``arn:<partition>:states:::events:putEvents`` in ``Entries``.

    Args:
        severity: one of `Severity`; anything else is sent as critical, so that nobody misses it.
        title: a headline of a few words.
        text: what people read; it may have several lines.
        key: the same for repeats of the same report.
        cluster: name of the cluster; the rules of `send_reports` listen to their own.
        detection: id of the detection that it is about. Default: none.
        suffix: appended to the names of the fields: ``.$`` where the values are JSON paths. Default: they are strings,
            or JSONata expressions.
    """
    detail = {
        "severity": severity, "title": title, "text": text, "key": key, "cluster": cluster, "detection": detection,
    }  # fmt: skip
    named = {f"{name}{suffix}" if value.startswith("$") else name: value for name, value in detail.items()}
    return {"Source": REPORT_SOURCE, "DetailType": REPORT_TYPE, "EventBusName": "default", "Detail": named}


def may_report() -> dict[str, Any]:
    """Return the statement that a role needs to report: `PutEvents` on the default bus, in this source's name alone."""
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
        scope: where the rules go, one scope for each cluster.
        cluster: name of the cluster.
        channel: the channel that receives the alerts.
        key_arn: the key of the queue, where it is the stack's first use. Default: a key is created.
        place: where `scope` is. Default: Node is asked.
        stack: what the alerts of the stack share. Default: it is looked up.
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
    # What says no severity, or one that nobody knows, must not vanish.
    return [severity.value, {"anything-but": [one.value for one in Severity]}, {"exists": False}]
