"""The contract between what sends alerts and where they go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, runtime_checkable

from constructs import Construct

from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TOPIC = "Topic"
"""The `id` of targets that are SNS topics."""
_Method = TypeVar("_Method", bound="Callable[..., Sequence[Target]]")
_MARK = "makes_nothing"
MOST_TARGETS = 5
"""Targets of a rule (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html), and actions of an alarm
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What sends an alert: an EventBridge rule or a CloudWatch alarm."""

    service: Literal["events.amazonaws.com", "cloudwatch.amazonaws.com"]
    """The service's principal: EventBridge for a rule, CloudWatch for an alarm."""
    arn: str
    """ARN of the rule or the alarm, for policies that admit it alone."""
    also: tuple[str, ...] = ()
    """ARNs of more alarms that are told like this one, so that a channel creates one rule for all. Default: none."""
    text: str = ""
    """One line that a person can read at night, with ``<name>`` for each of `fields`. Only a rule can have one; an
    alarm sends its own description. Default: the channel passes the event on as it is."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Name to JSON path in the event, for example ``{"when": "$.time"}``. Default: none."""
    severity: Severity | None = None
    """The severity, for channels that route or mark by it. Default: not known; every route gets it."""
    title: str = ""
    """A headline of a few words, for tickets and incidents: without ``<name>``, or one ``<name>`` and nothing else.
    Default: the channel writes one."""
    key: str = ""
    """The name of the one of `fields` that is the same for repeats of the same alert, so that a channel opens one
    incident and not ten. Default: the name of the rule or the alarm is the key."""
    first: str = ""
    """The first thing to do, one sentence, for channels that show it. Default: not known."""
    link: str = ""
    """An HTTPS URL with more details. Default: the console's list of CloudTrail events, for a rule on them."""

    def __post_init__(self) -> None:
        """Check the arguments.

        Raises:
            ConfigurationError: `severity` is not one that there is.
        """
        if self.severity is None or isinstance(self.severity, Severity):
            return
        problems = Problems(f"the sender {self.title or self.arn}")
        known = {severity.value: severity for severity in Severity}
        problems.require(
            self.severity in known, f"severity needs one of {', '.join(known)}, or None, got {self.severity!r}"
        )
        problems.raise_any()
        object.__setattr__(self, "severity", known[self.severity])


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The destination of a sender."""

    id: str
    """The kind of target, for example ``Topic``; the sender keeps the IDs of its targets different."""
    arn: str
    """The target of a rule, or the action of an alarm."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Further properties of a rule's target, as CloudFormation has them (``inputTransformer``, ``roleArn`` ...)."""


@runtime_checkable
class AlertChannel(Protocol):
    """Where alerts go: `alerts.Topic`, `alerts.several`, `alerts.nobody`, or a class of yours with this one method."""

    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Let a sender reach the channel, and return its targets.

        Args:
            scope: a scope of the sender's, for what this connection needs: a policy, a role, another rule.
            sender: what sends.

        Returns:
            What the sender sends to, at most five. Empty where the channel did all that is needed in `scope`, or tells
            nobody.
        """


def makes_nothing(when: Callable[[Any, Sender], bool] = lambda _channel, _sender: True) -> Callable[[_Method], _Method]:
    """Mark a `connect` that makes nothing in the sender's scope, always or for some senders.

    A class that overrides the method loses the mark with it.
    """

    def mark(connect: _Method) -> _Method:
        setattr(connect, _MARK, when)
        return connect

    return mark


def needs_no_scope(channel: AlertChannel, sender: Sender) -> bool:
    """Return whether a channel is known to make nothing in the scope of a sender."""
    when = getattr(type(channel).connect, _MARK, None)
    return when is not None and bool(when(channel, sender))


def apart(scope: Construct, id: str, channel: AlertChannel, sender: Sender) -> Construct:
    """Return a scope for what a channel makes for one sender: a new one, which is a call into Node, where it needs it.

    Args:
        scope: the parent construct.
        id: its construct ID.
        channel: the channel that receives the alerts.
        sender: what sends.
    """
    return scope if needs_no_scope(channel, sender) else Construct(scope, id)
