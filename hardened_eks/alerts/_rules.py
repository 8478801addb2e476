"""Rules that are created with all that they have: what tells a channel, and what starts something of ours.

A rule that gets its targets after it was created, and whose name is read then, asks Node three times instead of once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events

from hardened_eks import _aws
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
    """EventBridge rules of one scope, each with retries and a queue for what is refused; all are watched together."""

    scope: Construct
    place: Place
    """Where `scope` is."""
    channel: AlertChannel
    stack: StackAlerts
    """What the alerts of the stack share."""
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
        """Create a rule that tells the channel.

        Args:
            id: construct ID.
            pattern: the events.
            says: returns the sender for the rule's ARN.
            description: what the rule is for.
            read_only_events: take calls that CloudTrail calls read-only, too. Default: no.

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
        """Create a rule whose target is not a channel: a state machine, a log group. It also reports refused events.

        Returns:
            The ARN of the rule.
        """
        name = self._name(id)
        with_role = replace(target, properties={**target.properties, "roleArn": role_arn}) if role_arn else target
        self._make(id, name, pattern, [with_role], description, read_only_events=read_only_events)
        return _aws.arn("events", f"rule/{name}")

    def finish(self) -> None:
        """Watch the delivery of all rules."""
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
        events.CfnRule(
            self.scope,
            id,
            name=name,
            description=description[:_LONGEST_DESCRIPTION],
            state=_ALL_MANAGEMENT_EVENTS if read_only_events else "ENABLED",
            event_pattern=pattern,
            targets=as_properties(targets, self.stack.undelivered_arn) if targets else None,
        )


__all__ = ["Rules"]
