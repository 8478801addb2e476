"""The actions of an alarm: what channels make of it, as far as an alarm has room."""

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
    """Connect an alarm with a channel as well; return its actions, for which see `tell`."""
    targets = channel.connect(scope, sender)
    few_enough(targets, sender)
    return list(dict.fromkeys([*also, *(target.arn for target in targets)]))[:MOST_TARGETS]


def accept_no_action(alarm: cloudwatch.CfnAlarm, actions: Sequence[str]) -> None:
    """Accept the finding of other rule packs that an alarm has no action, where it has none."""
    if not actions:
        reason = "a rule on its state tells the channel, which takes no action of an alarm"
        acknowledge(alarm, {f"{pack}::{pack}-CloudWatchAlarmAction": reason for pack in _PACKS})


def few_enough(targets: Sequence[Target], sender: Sender) -> None:
    """Check that a rule or an alarm can have so many targets.

    Raises:
        ConfigurationError: it cannot; channels of channels come to more than each of them says.
    """
    problems = Problems(f"the sender {sender.title or sender.arn}")
    problems.require(
        len(targets) <= MOST_TARGETS,
        f"its channels come to {len(targets)} targets ({', '.join(target.id for target in targets)}), and a rule or an "
        f"alarm has at most {MOST_TARGETS}: leave some out, or subscribe them to one topic",
    )
    problems.raise_any()
