"""Rules that are created with their targets: for a channel, or for a resource of ours.

Adding targets to an existing rule and reading its name takes three calls into Node instead of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks.alerts._actions import few_enough
from hardened_eks.alerts._channel import apart
from hardened_eks.alerts._delivery import as_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from constructs import Construct

    from hardened_eks._owner import Place
    from hardened_eks.alerts._channel import AlertChannel, Sender, Target
    from hardened_eks.alerts._stack import StackAlerts

_ALL_MANAGEMENT_EVENTS: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_LONGEST_NAME: Final = 64
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"""
_LONGEST_DESCRIPTION: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """EventBridge rules of one scope, each with retries and a dead-letter queue, and one alarm on their delivery."""

    scope: Construct
    place: Place
    """Account and Region of `scope`."""
    channel: AlertChannel
    stack: StackAlerts
    """The shared resources of the stack's alerts."""
    _sent: list[str] = field(default_factory=list, init=False)

    def tell(
        self,
        id: str,
        *,
        pattern: Mapping[str, Any],
        says: Callable[[str], Sender],
        description: str,
        read_only_events: bool = False,
    ) -> None:
        """Create a rule that notifies the channel.

        Args:
            id: construct ID.
            pattern: event pattern of the rule.
            says: function that returns the sender for the rule's ARN.
            description: description of the rule.
            read_only_events: also match calls that CloudTrail records as read-only. Default: no.

        Raises:
            ConfigurationError: the channel has more targets than a rule can have.
        """
        name = self._name(id)
        sender = says(_aws.arn("events", f"rule/{name}"))
        targets = self.channel.connect(apart(self.scope, f"{id}Tells", self.channel, sender), sender)
        few_enough(targets, sender)
        self._make(id, name, pattern, targets, description, read_only_events=read_only_events)

    def start(
        self,
        id: str,
        target: Target,
        *,
        pattern: Mapping[str, Any],
        description: str,
        role_arn: str | None = None,
        read_only_events: bool = False,
    ) -> str:
        """Create a rule with a state machine or log group as its target, and include it in the alarm on deliveries.

        Returns:
            The ARN of the rule.
        """
        name = self._name(id)
        with_role = replace(target, properties={**target.properties, "roleArn": role_arn}) if role_arn else target
        self._make(id, name, pattern, [with_role], description, read_only_events=read_only_events)
        return _aws.arn("events", f"rule/{name}")

    def finish(self) -> None:
        """Create the alarm on the delivery of all rules."""
        if self._sent:
            self.stack.watch(self.channel, *self._sent)

    def _name(self, id: str) -> str:
        return self.place.below(id).name(_LONGEST_NAME)

    def _make(
        self,
        id: str,
        name: str,
        pattern: Mapping[str, Any],
        targets: Sequence[Target],
        description: str,
        *,
        read_only_events: bool,
    ) -> None:
        if targets:
            self._sent.append(name)
        create(
            events.CfnRule,
            self.scope,
            id,
            name=name,
            description=description[:_LONGEST_DESCRIPTION],
            state=_ALL_MANAGEMENT_EVENTS if read_only_events else "ENABLED",
            event_pattern=pattern,
            targets=as_properties(targets, self.stack.undelivered_arn) if targets else None,
        )


__all__ = ["Rules"]
