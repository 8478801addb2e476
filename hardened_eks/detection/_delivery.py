"""The rules of a detection, and what they tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events
from constructs import Construct

from hardened_eks import _aws
from hardened_eks.alerts._channel import MOST_TARGETS, Sender
from hardened_eks.alerts._delivery import as_properties
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.alerts import AlertChannel, Target
    from hardened_eks.detection._messages import Words
    from hardened_eks.severity import Severity

_ALL_MANAGEMENT_EVENTS: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_LONGEST_DESCRIPTION: Final = 512


class Rules(Construct):
    """EventBridge rules, each with retries and a queue for what is refused."""

    def __init__(self, scope: Construct, id: str, *, channel: AlertChannel, key_arn: str) -> None:
        """Start without rules.

        Args:
            scope: where they are created.
            id: construct id.
            channel: who is told.
            key_arn: the KMS key of the stack's queue, where it is the first use; it must admit
                ``events.amazonaws.com``.
        """
        super().__init__(scope, id)
        self._channel = channel
        self._stack = StackAlerts.of(self, key_arn)
        self._sent: list[str] = []

    def tell(
        self,
        id: str,
        *,
        pattern: Mapping[str, Any],
        words: Words,
        severity: Severity,
        description: str,
        read_only_events: bool = False,
    ) -> None:
        """Make a rule that tells the channel in words.

        Raises:
            ConfigurationError: the channel has more targets than a rule can have.
        """
        rule = _rule(self, id, pattern, description, read_only_events=read_only_events)
        name = rule.ref
        sender = Sender(
            service="events.amazonaws.com",
            arn=_aws.arn("events", f"rule/{name}"),
            text=words.text,
            fields=words.fields,
            severity=severity,
            title=words.title,
            key=words.key,
            first=words.first,
            link=words.link,
        )
        targets = self._channel.connect(rule, sender)
        check(targets)
        if targets:  # as alerts._delivery.deliver does, which looks the stack up for each rule
            self._send(rule, name, targets)

    def start(
        self,
        id: str,
        target: Target,
        *,
        pattern: Mapping[str, Any],
        description: str,
        role_arn: str | None = None,
        read_only_events: bool = False,
    ) -> events.CfnRule:
        """Make a rule whose target is no channel: a state machine, a log group. What is refused is told as well."""
        rule = _rule(self, id, pattern, description, read_only_events=read_only_events)
        with_role = replace(target, properties={**target.properties, "roleArn": role_arn}) if role_arn else target
        self._send(rule, rule.ref, [with_role])
        return rule

    def _send(self, rule: events.CfnRule, name: str, targets: Sequence[Target]) -> None:
        rule.targets = as_properties(targets, self._stack.undelivered_arn)
        self._sent.append(name)

    def finish(self) -> None:
        """Watch the delivery of all rules."""
        if self._sent:
            self._stack.watch(self._channel, *self._sent)


def check(targets: Sequence[Any]) -> None:
    """Refuse more targets than a rule can have, and more actions than an alarm can have.

    Raises:
        ConfigurationError: there are too many.
    """
    if len(targets) > MOST_TARGETS:
        problem = f"alerts has {len(targets)} targets for one severity; a rule or an alarm can tell {MOST_TARGETS}"
        raise ConfigurationError("Detection", [problem])


def _rule(
    scope: Construct, id: str, pattern: Mapping[str, Any], description: str, *, read_only_events: bool
) -> events.CfnRule:
    """Make a rule; what a channel makes for it goes below it."""
    return events.CfnRule(
        scope,
        id,
        description=description[:_LONGEST_DESCRIPTION],
        state=_ALL_MANAGEMENT_EVENTS if read_only_events else "ENABLED",
        event_pattern=pattern,
    )
