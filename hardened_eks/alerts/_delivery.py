"""How a rule's alerts get to a channel: retried for an hour, then kept where an alarm sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from hardened_eks.alerts._actions import few_enough
from hardened_eks.alerts._combined import unseen_key_problems
from hardened_eks.alerts._stack import StackAlerts, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_events as events
    from constructs import Construct

    from hardened_eks.alerts._channel import AlertChannel, Sender, Target

__all__ = ["RETRY", "as_properties", "deliver", "tell", "warn_of_unseen_keys"]
RETRY: Final = {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 10}
"""EventBridge's own is a day and 185 attempts: an alert that comes a day late is worse than one in a queue that has an
alarm (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html)."""


def deliver(
    scope: Construct, rule: events.CfnRule, sender: Sender, channel: AlertChannel, *, key_arn: str = ""
) -> Sequence[Target]:
    """Connect a rule with a channel, and see to it that no alert vanishes.

    What a target refuses for an hour goes to the stack's queue. An alarm on the queue, and one on the failures that
    reach no queue, tell the same channel; a channel of several paths has another one left then.

    Args:
        scope: the sender's scope, for what the channel makes.
        rule: the rule, which gets its targets.
        sender: the rule as a sender.
        channel: the channel that receives the alerts.
        key_arn: the key of the queue, where it is the stack's first use. Default: a key is created.

    Returns:
        The targets of the rule.

    Raises:
        ConfigurationError: they are too many for a rule.
    """
    warn_of_unseen_keys(scope, channel)
    targets = channel.connect(scope, sender)
    few_enough(targets, sender)
    if targets:
        stack = StackAlerts.of(scope, key_arn)
        rule.targets = as_properties(targets, stack.undelivered_arn)
        stack.watch(channel, rule.ref)
    return targets


def warn_of_unseen_keys(scope: Construct, channel: AlertChannel) -> None:
    """Warn that a channel ends at a topic whose key cannot be seen, and which may refuse every alert."""
    for problem in unseen_key_problems(alerts=channel):
        cdk.Annotations.of(scope).add_warning_v2("hardened-eks:unseen-topic-key", problem)


def as_properties(targets: Sequence[Target], queue_arn: str) -> list[Any]:
    """Write targets as a rule has them, with retries and a dead-letter queue unless they set their own."""
    return [
        {
            "id": target.id,
            "arn": target.arn,
            "retryPolicy": RETRY,
            "deadLetterConfig": {"arn": queue_arn},
            **target.properties,
        }
        for target in targets
    ]
