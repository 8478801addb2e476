"""The channel to PagerDuty, through its Events API v2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._destination import ALARMS, Endpoint, as_rule, on_alarm
from hardened_eks.alerts._given import field_problems, secret_problems, secret_value, told_apart
from hardened_eks.alerts._words import WHOLE_EVENT, Raw, Words, words_of
from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_HOSTS: Final = {"us": "events.pagerduty.com", "eu": "events.eu.pagerduty.com"}
"""https://support.pagerduty.com/main/docs/service-regions"""
_SEVERITIES: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    None: "error",
}
"""PagerDuty's names of severities: https://developer.pagerduty.com/docs/send-alert-event"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDuty:
    """A channel that opens incidents in PagerDuty.

    An alarm on a state, such as a silent log, resolves its incident when it ends. All other incidents stay open until
    somebody resolves them, including those of alarms on lines of a log, which end a minute after an attack. While an
    incident is open, PagerDuty notifies nobody of the same call by the same caller from the same address. Another
    caller or address opens another incident (https://support.pagerduty.com/main/docs/event-management).

    The routing key belongs to an integration of type *Events API v2* and has 32 characters. CloudFormation reads it
    from the secret during deployment; the template does not contain it. After a rotation, deploy a change of the
    connection.

    Raises:
        ConfigurationError: `secret` is not a secret, or `field` or `service_region` is invalid. The error lists all
            mistakes.
    """

    secret: secretsmanager.ISecret | str
    """The secret, or its complete ARN. Its value is JSON with the routing key."""
    field: str = "routing_key"
    """The key in the JSON with the routing key. Default: ``routing_key``."""
    service_region: str = "us"
    """The service region of the PagerDuty account: ``us`` or ``eu``. Default: ``us``."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.PagerDuty")
        problems.extend(secret_problems("secret", self.secret))
        problems.extend(field_problems("field", self.field))
        known = ", ".join(_HOSTS)
        problems.require(
            self.service_region in tuple(_HOSTS), f"service_region needs one of {known}, got {self.service_region!r}"
        )
        problems.raise_any()

    @makes_nothing(lambda _channel, sender: sender.service != ALARMS)
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the target of a rule. For an alarm, create rules on its state changes.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The target of a rule; none for an alarm, whose rules have it.
        """
        if sender.service == ALARMS:
            words = words_of(as_rule(sender), scope)
            states = {"ALARM": "trigger", **({"OK": "resolve"} if sender.resolves else {})}
            targets = {
                state: (lambda action=action: self._target(scope, words, action)) for state, action in states.items()
            }
            on_alarm(scope, "PagerDuty", sender, targets)
            return ()
        return [self._target(scope, words_of(sender, scope), "trigger")]

    def _target(self, scope: Construct, words: Words, action: str) -> Target:
        return self._endpoint().target(scope, words.transformer(_body(words, action)))

    def _endpoint(self) -> Endpoint:
        key = secret_value(self.secret, self.field)
        return Endpoint(
            kind="PagerDuty",
            url=f"https://{_HOSTS[self.service_region]}/v2/enqueue",
            # A connection must authorize itself with a header; PagerDuty checks only the key in the body.
            authorization="API_KEY",
            parameters={
                "apiKeyAuthParameters": {"apiKeyName": "X-Routing-Key", "apiKeyValue": key},
                "invocationHttpParameters": {
                    "bodyParameters": [{"key": "routing_key", "value": key, "isValueSecret": True}]
                },
            },
            different=(told_apart(self.secret), self.field, self.service_region),
            per_second=10,
        )


def _body(words: Words, action: str) -> dict[str, Any]:
    """Return the body; EventBridge adds the routing key (https://developer.pagerduty.com/docs/send-alert-event)."""
    if action == "resolve":
        return {"event_action": action, "dedup_key": words.key}
    details = {**words.details, "text": words.text, "event": Raw(WHOLE_EVENT)}
    links = [{"href": words.link, "text": "Where to look"}] if words.link else []
    return {
        "event_action": action,
        "dedup_key": words.key,
        "client": "hardened-eks",
        "links": links,
        "payload": {
            "summary": words.line,
            "severity": _SEVERITIES[words.severity],
            "source": words.cluster,
            "component": "eks",
            "class": words.title,
            "custom_details": {"first": words.first, **details} if words.first else details,
        },
    }
