"""Delivery of alerts to a channel: of a rule, with retries for an hour and a dead-letter queue, and of an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from hardened_eks.alerts._actions import accept_no_action, actions_of, few_enough
from hardened_eks.alerts._combined import unseen_key_problems
from hardened_eks.alerts._stack import StackAlerts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from constructs import Construct

    from hardened_eks.alerts._channel import AlertChannel, Sender, Target

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


def tell(
    scope: Construct, alarm: cloudwatch.CfnAlarm, sender: Sender, channel: AlertChannel, *, also: Sequence[str] = ()
) -> list[str]:
    """Let an alarm notify a further channel, with an action or with the resources of the channel.

    These resources put refused alerts into the stack's queue, and an alarm on the queue notifies the same channel.

    Args:
        scope: the sender's scope, for the resources of the channel.
        alarm: the alarm, which gets its actions.
        sender: the alarm as a sender.
        channel: the channel that receives the alerts.
        also: the existing actions of the alarm. Default: none.

    Returns:
        The actions of the alarm.
    """
    actions = actions_of(scope, sender, channel, also=also)
    if len(actions) > len(also):
        alarm.alarm_actions = actions
    accept_no_action(alarm, actions)
    StackAlerts.tell_of_refusals(scope, channel)
    return actions


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
