"""Delivery of a rule's alerts to a channel: retries for an hour, then a dead-letter queue with an alarm."""

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
"""EventBridge's default is one day and 185 attempts. An alert that arrives a day late is worse than one in a queue with
an alarm (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html)."""


def deliver(
    scope: Construct, rule: events.CfnRule, sender: Sender, channel: AlertChannel, *, key_arn: str = ""
) -> Sequence[Target]:
    """Connect a rule with a channel so that no alert is lost.

    An alert that a target refuses for an hour goes to the stack's queue. An alarm on the queue, and one on failures
    that reach no queue, notify the same channel. If one path of the channel fails, another can still deliver them.

    Args:
        scope: the sender's scope, for the resources of the channel.
        rule: the rule, which gets its targets.
        sender: the rule as a sender.
        channel: the channel that receives the alerts.
        key_arn: ARN of the key of the queue, if this is its first use in the stack. Default: a key is created.

    Returns:
        The targets of the rule.

    Raises:
        ConfigurationError: the rule has too many targets.
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
    """Warn if a channel sends to a topic whose key is unknown, which may refuse every alert."""
    for problem in unseen_key_problems(alerts=channel):
        cdk.Annotations.of(scope).add_warning_v2("hardened-eks:unseen-topic-key", problem)


def as_properties(targets: Sequence[Target], queue_arn: str) -> list[Any]:
    """Return targets as properties of a rule, with retries and a dead-letter queue unless they set their own."""
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
