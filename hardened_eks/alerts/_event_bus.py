"""An event bus of another account or region, such as that of a security account."""

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
    """Sends the event itself to an event bus, of this account or another, in this Region or another.

    The bus's policy must let this account put events. An event that came over another bus is not sent on once more:
    rules there have to be on the bus that is named here
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html).
    """

    arn: str
    """ARN of the bus."""

    def __post_init__(self) -> None:
        """Check the arguments.

        Raises:
            ConfigurationError: `arn` is not that of an event bus.
        """
        problems = Problems("alerts.EventBus")
        needs = "the ARN of an event bus such as arn:aws:events:eu-west-1:111122223333:event-bus/security"
        problems.extend(text_problems("arn", self.arn, _BUS, needs))
        problems.raise_any()

    @makes_nothing(lambda _channel, sender: sender.service != ALARMS)
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the target of a rule; for an alarm, create rules on its states."""
        if sender.service != ALARMS:
            return [self._target(scope)]
        on_alarm(scope, "EventBus", sender, {state: lambda: self._target(scope) for state in ("ALARM", "OK")})
        return ()

    def _target(self, scope: Construct) -> Target:
        # To another account or Region, a rule sends with a role; the bus's policy admits it there.
        role = StackAlerts.of(scope).once(
            "EventBus",
            (told_apart(self.arn),),
            lambda own: rules_role(own, "Send alerts to an event bus", "events:PutEvents", self.arn),
        )
        return Target(id="EventBus", arn=self.arn, properties={"roleArn": role})
