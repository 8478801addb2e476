"""Topics with subscriptions for people: e-mail and SMS."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from aws_cdk import aws_sns as sns

from hardened_eks._l1 import create
from hardened_eks.alerts._ids import free, unique
from hardened_eks.alerts._resources import topic
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.alerts._topic import every_sender, target, with_head
from hardened_eks.alerts._words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

SUBJECT = "EKS alert"
"""The name of the sender that people see."""


def subscribed(scope: Construct, kind: str, endpoints: Sequence[str], *, protocol: str, key: kms.IKey | None) -> str:
    """Return the ARN of the stack's topic to which people are subscribed. The first use creates it.

    Args:
        scope: a construct in the stack.
        kind: kind of channel.
        endpoints: the addresses or numbers. The first one names the topic.
        protocol: ``email`` or ``sms``.
        key: KMS key that encrypts messages. None: the stack's key for alerts.
    """
    stack = StackAlerts.of(scope, key.key_arn if key else "")

    def make(own: Construct) -> str:
        key_arn = key.key_arn if key else stack.key_arn
        logged = protocol != "email"
        _, arn = topic(own, key_arn=key_arn, admitted=every_sender(), name=SUBJECT, logged=logged)
        for endpoint in endpoints:
            create(
                sns.CfnSubscription,
                own,
                "Subscription1" if endpoint == endpoints[0] else free(own, unique("Subscription", endpoint)),
                topic_arn=arn,
                protocol=protocol,
                endpoint=endpoint,
                redrive_policy={"deadLetterTargetArn": stack.undelivered_arn},
            )
        return arn

    # A new topic asks everybody to confirm, and tells nobody until then: a change of the others must not create one.
    return stack.once(kind, tuple(endpoints), make, named_by=(endpoints[0],))


def told(scope: Construct, kind: str, topic_arn: str, sender: Sender, *, whole: bool = False) -> Target:
    """Return a topic as the target of a sender, with a message that begins with the severity.

    Args:
        scope: a construct in the sender's stack.
        kind: ID of the target.
        topic_arn: ARN of the topic.
        sender: the sender.
        whole: include the first step and the link. Default: no, since the message is too short for them.

    Raises:
        ConfigurationError: the sender's text names a field that the sender does not have.
    """
    if not sender.text:
        return replace(target(topic_arn, sender), id=kind)
    words = words_of(sender, scope)
    first, link = f"First: {words.first}" if words.first else "", json.loads(words.link) if words.link else ""
    head = with_head(replace(sender, first="", link=""), scope).text  # both follow, where there is room for them
    text = " ".join(part for part in (head, *((first, link) if whole else ())) if part)
    fields = {name: path for name, path in words.paths.items() if f"<{name}>" in text}
    return replace(target(topic_arn, replace(sender, text=text, fields=fields)), id=kind)
