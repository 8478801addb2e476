"""The channel to an event bus of another account or Region, such as a security account's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hardened_eks.alerts._channel import Target, makes_nothing
from hardened_eks.alerts._destination import ALARMS, on_alarm, rules_role
from hardened_eks.alerts._given import text_problems, told_apart
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks.alerts._channel import Sender

_BUS: Final = re.compile(r"arn:aws[\w-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/[\w./-]{1,256}")


@dataclass(frozen=True, slots=True)
class EventBus:
    """A channel that sends the event itself to an event bus, in any account and Region.

    The policy of the bus must allow this account to put events. EventBridge does not forward an event a second time, so
    the rules that process it must be on this bus
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html).

    Raises:
        ConfigurationError: `arn` is not the ARN of an event bus.
    """

    arn: str
    """ARN of the bus."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.EventBus")
        needs = "the ARN of an event bus such as arn:aws:events:eu-west-1:111122223333:event-bus/security"
        problems.extend(text_problems("arn", self.arn, _BUS, needs))
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
            return [self._target(scope)]
        on_alarm(scope, "EventBus", sender, {state: lambda: self._target(scope) for state in ("ALARM", "OK")})
        return ()

    def _target(self, scope: Construct) -> Target:
        # A rule needs a role to send to another account or Region, where the bus's policy admits it.
        role = StackAlerts.of(scope).once(
            "EventBus",
            (told_apart(self.arn),),
            lambda own: rules_role(own, "Send alerts to an event bus", "events:PutEvents", self.arn),
        )
        return Target(id="EventBus", arn=self.arn, properties={"roleArn": role})
