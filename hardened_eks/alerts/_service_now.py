"""The channel to ServiceNow, through its Table API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._kinds import flag_problems
from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._destination import ALARMS, Endpoint, as_rule, on_alarm
from hardened_eks.alerts._given import secret_problems, secret_value, text_problems, told_apart
from hardened_eks.alerts._words import Raw, Words, words_of
from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_INSTANCE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_LEVELS: Final = {Severity.CRITICAL: "1", Severity.HIGH: "1", Severity.MEDIUM: "2", Severity.LOW: "3", None: "2"}
"""Impact and urgency of an incident: https://www.servicenow.com/docs/csh?topicname=c_IncidentManagement.html"""
_EVENT_LEVELS: Final = {Severity.CRITICAL: "1", Severity.HIGH: "2", Severity.MEDIUM: "3", Severity.LOW: "4", None: "2"}
"""https://docs.servicenow.com/bundle/istanbul-it-operations-management/page/product/event-management/task/send-events-via-web-service.html"""
_CLEAR: Final = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNow:
    """A channel that opens incidents in ServiceNow, or sends events to its Event Management.

    The Table API opens an incident for every alert. ``correlation_id`` contains the call, finding or alarm and the name
    of the rule, so your own rule in ServiceNow can join repeats. Event Management itself joins repeats
    (``message_key``) and clears the event when an alarm on a state ends: prefer it if you have it.

    The user needs only the role ``itil`` for incidents, or ``evt_mgmt_integration`` for events. EventBridge signs in
    with HTTP basic authentication, or with a token that it fetches with client credentials.

    Raises:
        ConfigurationError: `instance` is not the name of an instance, `secret` is not a secret, or `oauth` or
            `event_management` is not True or False. The error lists all mistakes.
    """

    instance: str
    """Name of the instance: ``acme`` of https://acme.service-now.com."""
    secret: secretsmanager.ISecret | str
    """The secret, or its complete ARN. Its JSON has ``username`` and ``password``; with `oauth`, ``client_id`` and
    ``client_secret``."""
    oauth: bool = False
    """Whether to sign in with OAuth client credentials. Default: no, with a user name and a password."""
    event_management: bool = False
    """Whether to send events (``em_event``) instead of incidents. Default: no, incidents."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.ServiceNow")
        needs = "the name of the instance alone, such as acme of https://acme.service-now.com"
        problems.extend(text_problems("instance", self.instance, _INSTANCE, needs))
        problems.extend(secret_problems("secret", self.secret))
        problems.extend(flag_problems(oauth=self.oauth, event_management=self.event_management))
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
        if sender.service != ALARMS:
            return [self._target(scope, words_of(sender, scope))]
        words = words_of(as_rule(sender), scope)
        targets = {"ALARM": lambda: self._target(scope, words)}
        if self.event_management and sender.resolves:
            targets["OK"] = lambda: self._target(scope, words, level=_CLEAR)
        on_alarm(scope, "ServiceNow", sender, targets)
        return ()

    def _target(self, scope: Construct, words: Words, level: str = "") -> Target:
        event = self.event_management
        body = _event(words, level or _EVENT_LEVELS[words.severity]) if event else _incident(words)
        return self._endpoint().target(scope, words.transformer(body))

    def _endpoint(self) -> Endpoint:
        host = f"https://{self.instance}.service-now.com"
        table = "em_event" if self.event_management else "incident"
        return Endpoint(
            kind="ServiceNow",
            url=f"{host}/api/now/table/{table}",
            authorization="OAUTH_CLIENT_CREDENTIALS" if self.oauth else "BASIC",
            parameters=self._credentials(f"{host}/oauth_token.do"),
            different=(self.instance, table, str(self.oauth), told_apart(self.secret)),
            per_second=10,
        )

    def _credentials(self, token_url: str) -> dict[str, Any]:
        if not self.oauth:
            return {
                "basicAuthParameters": {
                    "username": secret_value(self.secret, "username"),
                    "password": secret_value(self.secret, "password"),
                }
            }
        return {
            "oAuthParameters": {
                "authorizationEndpoint": token_url,
                "httpMethod": "POST",
                "clientParameters": {
                    "clientId": secret_value(self.secret, "client_id"),
                    "clientSecret": secret_value(self.secret, "client_secret"),
                },
                "oAuthHttpParameters": {
                    "bodyParameters": [{"key": "grant_type", "value": "client_credentials", "isValueSecret": False}]
                },
            }
        }


def _incident(words: Words) -> dict[str, Any]:
    level = _LEVELS[words.severity]
    note = words.first or words.details.get("reason")  # why an alarm went off
    notes = {"work_notes": note} if note else {}
    return {
        "short_description": words.title,
        "description": words.text,
        "impact": level,
        "urgency": level,
        "category": "security",
        "correlation_id": words.kind,
        "correlation_display": "hardened-eks",
        **notes,
        **({"comments": words.link} if words.link else {}),
    }


def _event(words: Words, level: str) -> dict[str, Any]:
    return {
        "source": "hardened-eks",
        "event_class": Raw("<aws.events.rule-name>"),
        "node": words.cluster,
        "type": "EKS",
        "resource": words.title,
        "description": words.whole,
        "severity": level,
        "message_key": words.key,
    }
