"""Several channels as one, and a channel that notifies nobody."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import aws_cdk as cdk

from hardened_eks._kinds import TOPIC as TOPIC_KIND
from hardened_eks._kinds import instead, is_a
from hardened_eks._records import dataclass
from hardened_eks.alerts._channel import MOST_TARGETS, AlertChannel, makes_nothing, needs_no_scope
from hardened_eks.alerts._topic import GivenTopic
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target


def several(*channels: AlertChannel | sns.ITopic) -> AlertChannel:
    """Return one channel that sends every alert to each of several channels.

    Args:
        *channels: one to five channels or topics, the limit for targets of a rule and actions of an alarm.

    Returns:
        The channel.

    Raises:
        ConfigurationError: there is none or more than five, one is not a channel, or one occurs twice. The error lists
            all mistakes.
    """
    problems = Problems("alerts.several")
    problems.require(
        1 <= len(channels) <= MOST_TARGETS,
        f"channels needs 1 to {MOST_TARGETS} channels, the limit of a rule and of an alarm, got {len(channels)}",
    )
    for number, channel in enumerate(channels):
        problems.extend(channel_problems(channels=channel))
        problems.require(not any(channel is other for other in channels[:number]), f"channels names {channel!r} twice")
    problems.raise_any()
    return _Several(tuple(as_channel(channel) for channel in channels))


def nobody(*, reason: str) -> AlertChannel:
    """Return a channel that intentionally sends nothing.

    The cloud assembly records the reason. Controls that require an alert still report that it is missing: waive them.

    Args:
        reason: why nobody needs to be notified, or how people are notified instead; at least one sentence.

    Returns:
        The channel.

    Raises:
        ConfigurationError: `reason` is not a sentence.
    """
    problems = Problems("alerts.nobody")
    problems.require(
        isinstance(reason, str) and reason.strip(),
        f"reason needs a sentence for the auditor, such as 'the SIEM polls the trail, SEC-12', got {reason!r}",
    )
    problems.raise_any()
    return _Nobody(reason)


def channel_problems(**given: object) -> Iterator[str]:
    """Yield which arguments, by name, are neither a channel nor a topic."""
    for argument, value in given.items():
        if not is_a(TOPIC_KIND, value) and (isinstance(value, type) or not isinstance(value, AlertChannel)):
            yield (
                f"{argument} needs an alert channel such as alerts.Topic, or {TOPIC_KIND.text}, got {value!r}"
                f"{instead(TOPIC_KIND, argument, value)}"
            )


def unseen_key_problems(**given: object) -> Iterator[str]:
    """Yield which channels, by argument, send to a topic whose key is unknown or does not admit our alerts.

    Channels inside of `several` and routes are checked, too. An encrypted topic whose key does not admit EventBridge
    and CloudWatch loses every alert without any error.
    """
    for argument, channel in given.items():
        for topic in _given_topics(channel):
            if _by_aws_key(topic):
                yield (
                    f"{argument} has the topic {topic.node.path}, which is encrypted with alias/aws/sns: that key "
                    "admits neither events.amazonaws.com nor cloudwatch.amazonaws.com, so every alert is lost; pass "
                    "alerts.Topic, or encrypt the topic with a key such as Keys.notifications"
                )
            elif topic.node.default_child is None and topic.master_key is None:
                yield (
                    f"{argument} has the topic {topic.node.path}, whose key cannot be seen: if the key does not admit "
                    "events.amazonaws.com and cloudwatch.amazonaws.com, every alert is lost; pass alerts.Topic, a "
                    "topic of this app, or aws_sns.Topic.from_topic_attributes(...) with its key_arn"
                )


def _given_topics(channel: object) -> Iterator[sns.ITopic]:
    """Yield the topics that the user passed."""
    if is_a(TOPIC_KIND, channel):
        channel = as_channel(channel)  # type: ignore[arg-type]
    if isinstance(channel, GivenTopic):
        yield channel.topic
        return
    parts = getattr(channel, "channels", ())
    for part in itertools.chain(*parts.values()) if isinstance(parts, dict) else parts:
        yield from _given_topics(part)


def _by_aws_key(topic: sns.ITopic) -> bool:
    key = topic.master_key
    named = [getattr(topic.node.default_child, "kms_master_key_id", None), None if key is None else key.key_arn]
    return any(isinstance(one, str) and one.endswith("alias/aws/sns") for one in named)


def as_channel(given: AlertChannel | sns.ITopic) -> AlertChannel:
    """Return a channel as it is, and a topic as a channel."""
    return GivenTopic(given) if is_a(TOPIC_KIND, given) else given  # type: ignore[arg-type,return-value]


def all_of(channels: Sequence[AlertChannel], scope: Construct, sender: Sender) -> Sequence[Target]:
    """Connect a sender with each of some channels, and return all their targets with unique IDs."""
    found: list[Target] = []
    for channel in channels:
        for target in channel.connect(scope, sender):
            same = sum(other.id.rstrip("0123456789") == target.id for other in found)
            found.append(replace(target, id=f"{target.id}{same + 1}") if same else target)
    return found


@dataclass(frozen=True, slots=True)
class _Several:
    channels: tuple[AlertChannel, ...]

    @makes_nothing(lambda several, sender: all(needs_no_scope(one, sender) for one in several.channels))
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        return all_of(self.channels, scope, sender)


@dataclass(frozen=True, slots=True)
class _Nobody:
    reason: str

    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:  # noqa: ARG002 - whoever it is
        cdk.Annotations.of(scope).add_info(f"nobody is alerted: {self.reason}")
        return ()
