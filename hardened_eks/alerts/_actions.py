"""The actions of an alarm: the targets of its channels, as many as an alarm can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._nag import acknowledge
from hardened_eks.alerts._channel import MOST_TARGETS
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct

    from hardened_eks.alerts._channel import AlertChannel, Sender, Target

_PACKS: Final = ("HIPAA.Security", "NIST.800.53.R5")


def actions_of(scope: Construct, sender: Sender, channel: AlertChannel, *, also: Sequence[str] = ()) -> list[str]:
    """Connect an alarm with a further channel, and return its actions (see `tell`)."""
    targets = channel.connect(scope, sender)
    few_enough(targets, sender)
    return list(dict.fromkeys([*also, *(target.arn for target in targets)]))[:MOST_TARGETS]


def accept_no_action(alarm: cloudwatch.CfnAlarm, actions: Sequence[str]) -> None:
    """Accept the finding of other rule packs for an alarm without an action."""
    if not actions:
        reason = "a rule on its state notifies the channel, which alarms cannot call directly"
        acknowledge(alarm, {f"{pack}::{pack}-CloudWatchAlarmAction": reason for pack in _PACKS})


def few_enough(targets: Sequence[Target], sender: Sender) -> None:
    """Check that a rule or an alarm does not have too many targets.

    Raises:
        ConfigurationError: it has too many; nested channels can have more in total than each allows.
    """
    problems = Problems(f"the sender {sender.title or sender.arn}")
    problems.require(
        len(targets) <= MOST_TARGETS,
        f"its channels have {len(targets)} targets ({', '.join(target.id for target in targets)}), and a rule or an "
        f"alarm can have {MOST_TARGETS}: leave some out, or subscribe them to one topic",
    )
    problems.raise_any()
