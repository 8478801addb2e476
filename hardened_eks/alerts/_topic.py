"""SNS topics as channels."""

from __future__ import annotations

import json
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from aws_cdk import aws_sns as sns
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._kinds import key_argument_problems, problems_in
from hardened_eks._records import dataclass
from hardened_eks._traces import leave_out_useless
from hardened_eks._views import view_of
from hardened_eks.alerts._channel import TOPIC, Target, makes_nothing
from hardened_eks.alerts._resources import Admitted, topic
from hardened_eks.alerts._words import console_link
from hardened_eks.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

    from hardened_eks.alerts._channel import Sender


class Topic(Construct):
    """An encrypted SNS topic to which every EventBridge rule and CloudWatch alarm of the account and Region can send.

    Subscribe people to `topic`, each with a dead-letter queue (MQ-06). The policy of the topic admits the senders, and
    its key admits the services that send: without both, an alarm on an encrypted topic looks healthy and alerts nobody
    (aws-cdk#11121).
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: kms.IKey | None = None) -> None:
        """Create the topic.

        Args:
            scope: the parent construct.
            id: construct ID.
            encryption_key: KMS key that encrypts messages. It must admit ``events.amazonaws.com``, without a condition
                on the source, and ``cloudwatch.amazonaws.com``, as `Keys.notifications` does. Default: a new key.

        Raises:
            ConfigurationError: `encryption_key` is not a key.
        """
        problems = problems_in(scope, f"Topic '{id}'")
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="notifications"))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        key = Keys(self, "Keys").notifications if encryption_key is None else encryption_key
        made, self._arn = topic(self, key_arn=key.key_arn, admitted=every_sender())
        self.resource = made
        """The CloudFormation resource, for settings that no argument covers."""

    @property
    def topic_arn(self) -> str:
        """ARN of the topic."""
        return self._arn

    @cached_property
    def topic(self) -> sns.ITopic:
        """The topic as the CDK's interface, for subscriptions."""
        return view_of(self.resource, sns.Topic.from_topic_arn(self, "View", self.topic_arn))

    @makes_nothing()
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the topic as the target of a sender.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The topic.
        """
        return [target(self.topic_arn, with_head(sender, scope))]


@dataclass(frozen=True, slots=True)
class GivenTopic:
    """A topic that the user passed, with its own policy and key."""

    topic: sns.ITopic

    @makes_nothing()
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the topic as the target of a sender.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The topic.
        """
        return [target(self.topic.topic_arn, with_head(sender, scope))]


@dataclass(frozen=True, slots=True, eq=False)
class PrivateTopic:
    """A topic for one rule, created with it. The alarms on the rule's delivery send to it, too."""

    key_arn: str
    made: list[str] = field(default_factory=list, init=False)
    """ARN of the topic, after it is created."""

    @makes_nothing(lambda channel, _sender: bool(channel.made))
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Create the topic for the first sender, and return it."""
        if not self.made:
            arns = [sender.arn, *sender.also] if sender.also else sender.arn
            only = Admitted(service=sender.service, condition={"ArnEquals": {"aws:SourceArn": arns}})
            admitted = every_sender() if sender.service == "events.amazonaws.com" else [only]
            _, arn = topic(scope, key_arn=self.key_arn, admitted=admitted)
            self.made.append(arn)
        return [target(self.made[0], sender)]


def every_sender() -> Sequence[Admitted]:
    """Return the permitted senders: EventBridge rules, and the alarms of the account and Region.

    EventBridge does not tell SNS for which rule it publishes, so no condition would hold and every alert would be lost:
    "You can't use Condition blocks in Amazon SNS topic policies for EventBridge"
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions).
    """
    return [Admitted(service="events.amazonaws.com"), _every_alarm()]


def _every_alarm() -> Admitted:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    alarms = {"ArnLike": {"aws:SourceArn": _aws.arn("cloudwatch", "alarm:*")}}
    return Admitted(
        service="cloudwatch.amazonaws.com", condition={**alarms, "StringEquals": {"aws:SourceAccount": _aws.account()}}
    )


def with_head(sender: Sender, scope: Construct) -> Sender:
    """Return a sender whose text includes the known ones of severity, headline, first step and link.

    A sender without a severity keeps its text.
    """
    if not sender.text or sender.severity is None:
        return sender
    title = f"{sender.title.rstrip('.')}. " if sender.title else ""
    first = f" First: {sender.first}" if sender.first else ""
    link = f" {console_link(sender.link, scope)}" if sender.link else ""
    text = f"{sender.severity.upper()}: {title}{sender.text}{first}{link}"
    paths = {"region": "$.region", **sender.fields}
    return replace(sender, text=text, fields={name: path for name, path in paths.items() if f"<{name}>" in text})


def target(topic_arn: str, sender: Sender) -> Target:
    """Return a topic as the target of a sender, with the sender's own text if it has one."""
    if not sender.text:
        return Target(id=TOPIC, arn=topic_arn)
    words = {"inputPathsMap": dict(sender.fields), "inputTemplate": json.dumps(sender.text, ensure_ascii=False)}
    return Target(id=TOPIC, arn=topic_arn, properties={"inputTransformer": words})
