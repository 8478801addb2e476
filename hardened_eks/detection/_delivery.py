"""From rules and alarms to channels, with a queue for what is refused and an alarm on that queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events
from constructs import Construct

from hardened_eks.alerts._channel import MOST_TARGETS, Sender
from hardened_eks.alerts._resources import dead_letters
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.alerts import AlertChannel, Target
    from hardened_eks.detection._messages import Words
    from hardened_eks.severity import Severity

_ALL_MANAGEMENT_EVENTS: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class Delivery(Construct):
    """The rules of a detection and what they tell."""

    def __init__(self, scope: Construct, id: str, *, channel: AlertChannel, key_arn: str) -> None:
        """Start without rules.

        Args:
            scope: where it is created.
            id: construct id.
            channel: who is told.
            key_arn: the KMS key of the queue; it must admit ``events.amazonaws.com``.
        """
        super().__init__(scope, id)
        self._channel, self._key_arn = channel, key_arn
        self._rules: list[tuple[events.CfnRule, list[Any]]] = []

    def tell(
        self,
        id: str,
        *,
        pattern: Mapping[str, Any],
        words: Words,
        severity: Severity,
        description: str,
        read_only_events: bool = False,
    ) -> events.CfnRule:
        """Make a rule that tells the channel in words.

        Raises:
            ConfigurationError: the channel has more targets than a rule can have.
        """
        scope = Construct(self, id)
        rule = self._rule(scope, pattern, description, read_only_events=read_only_events)
        sender = Sender(
            service="events.amazonaws.com",
            arn=rule.attr_arn,
            text=words.text,
            fields=words.fields,
            severity=severity,
            title=words.title,
            key=words.key,
        )
        self._send(rule, [_property(target) for target in self._channel.connect(scope, sender)])
        return rule

    def start(self, id: str, *, pattern: Mapping[str, Any], description: str, target: Mapping[str, Any]) -> None:
        """Make a rule with a target that is no channel: a state machine, a log group."""
        scope = Construct(self, id)
        self._send(self._rule(scope, pattern, description, read_only_events=False), [dict(target)])

    def _rule(
        self, scope: Construct, pattern: Mapping[str, Any], description: str, *, read_only_events: bool
    ) -> events.CfnRule:
        return events.CfnRule(
            scope,
            "Rule",
            description=description[:512],
            state=_ALL_MANAGEMENT_EVENTS if read_only_events else "ENABLED",
            event_pattern=pattern,
        )

    def _send(self, rule: events.CfnRule, targets: list[dict[str, Any]]) -> None:
        if len(targets) > MOST_TARGETS:
            problem = f"alerts has {len(targets)} targets for one severity, a rule can tell {MOST_TARGETS}: pass fewer"
            raise ConfigurationError(f"Detection '{self.node.path}'", [problem])
        if targets:
            self._rules.append((rule, targets))

    def finish(self) -> tuple[str, list[str]] | None:
        """Make the queue, and give the rules their targets.

        Returns:
            Name of the queue and names of the rules; None where no rule tells anybody.
        """
        if not self._rules:
            return None
        arns = [rule.attr_arn for rule, _ in self._rules]
        queue = dead_letters(self, key_arn=self._key_arn, rule_arn=arns)
        for rule, targets in self._rules:
            sent: list[Any] = [{"deadLetterConfig": {"arn": queue}, **target} for target in targets]
            rule.targets = sent
        made: Any = self.node.find_child("Undelivered")
        return made.attr_queue_name, [rule.ref for rule, _ in self._rules]


def _property(target: Target) -> dict[str, Any]:
    return {"id": target.id, "arn": target.arn, **target.properties}

