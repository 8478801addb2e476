"""The channel to Zendesk, through its Tickets API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._destination import ALARMS, Endpoint, as_rule, on_alarm
from hardened_eks.alerts._given import secret_problems, secret_value, text_problems, told_apart
from hardened_eks.alerts._words import Words, words_of
from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_SUBDOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_PRIORITIES: Final = {
    Severity.CRITICAL: "urgent",
    Severity.HIGH: "high",
    Severity.MEDIUM: "normal",
    Severity.LOW: "low",
    None: "high",
}
"""https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zendesk:
    """A channel that opens tickets in Zendesk.

    Every alert opens a ticket, because Zendesk does not join repeats. ``external_id`` contains the key of the alert,
    for your own trigger. EventBridge signs in with an API token: the user name is the agent's e-mail address followed
    by ``/token`` (https://developer.zendesk.com/api-reference/introduction/security-and-auth/). The comments are
    private, because the tickets concern your own systems.

    Raises:
        ConfigurationError: `subdomain` is not the name of a subdomain, or `secret` is not a secret. The error lists
            all mistakes.
    """

    subdomain: str
    """The subdomain: ``acme`` of https://acme.zendesk.com."""
    secret: secretsmanager.ISecret | str
    """The secret, or its complete ARN. Its JSON has ``email``, the address of an agent, and ``token``, an API token."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.Zendesk")
        needs = "the subdomain alone, such as acme of https://acme.zendesk.com"
        problems.extend(text_problems("subdomain", self.subdomain, _SUBDOMAIN, needs))
        problems.extend(secret_problems("secret", self.secret))
        problems.raise_any()

    @makes_nothing(lambda _channel, sender: sender.service != ALARMS)
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the target of a rule. For an alarm, create a rule on its state.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The target of a rule; none for an alarm, whose rule has it.
        """
        if sender.service != ALARMS:
            return [self._target(scope, words_of(sender, scope))]
        words = words_of(as_rule(sender), scope)
        on_alarm(scope, "Zendesk", sender, {"ALARM": lambda: self._target(scope, words)})
        return ()

    def _target(self, scope: Construct, words: Words) -> Target:
        endpoint = Endpoint(
            kind="Zendesk",
            url=f"https://{self.subdomain}.zendesk.com/api/v2/tickets.json",
            authorization="BASIC",
            parameters={
                "basicAuthParameters": {
                    "username": f"{secret_value(self.secret, 'email')}/token",
                    "password": secret_value(self.secret, "token"),
                }
            },
            different=(self.subdomain, told_apart(self.secret)),
            per_second=5,
        )
        return endpoint.target(scope, words.transformer(_body(words)))


def _body(words: Words) -> dict[str, Any]:
    severity = [words.severity.value] if words.severity else []
    return {
        "ticket": {
            "subject": words.title,
            "comment": {"body": words.whole, "public": False},
            "priority": _PRIORITIES[words.severity],
            "type": "incident",
            "external_id": words.key,
            "tags": ["hardened_eks", *severity],
        }
    }
