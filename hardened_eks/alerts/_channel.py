"""The contract between senders of alerts and their channels."""

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
    """The sender of an alert: an EventBridge rule or a CloudWatch alarm.

    Raises:
        ConfigurationError: `severity` is not a known severity.
    """

    service: Literal["events.amazonaws.com", "cloudwatch.amazonaws.com"]
    """Service principal: ``events.amazonaws.com`` for a rule, ``cloudwatch.amazonaws.com`` for an alarm."""
    arn: str
    """ARN of the rule or the alarm, for policies that allow only this sender."""
    also: tuple[str, ...] = ()
    """ARNs of further alarms with the same channel, so that a channel creates one rule for all. Default: none."""
    text: str = ""
    """Message of one line for people, with ``<name>`` for the value of one of `fields`. Only for a rule; an alarm sends
    its own description. Default: the channel sends the event unchanged."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """JSON paths in the event by name, for example ``{"when": "$.time"}``. Default: none."""
    severity: Severity | None = None
    """Severity, for channels that route or mark alerts by it. Default: not known; every route gets the alert."""
    title: str = ""
    """Headline of a few words, for tickets and incidents: either without ``<name>``, or only one ``<name>``.
    Default: the channel writes one."""
    key: str | tuple[str, ...] = ""
    """Name of the field in `fields`, or names of several, whose values are the same for repeats of an alert, so that a
    channel opens only one incident for them. While it is open, PagerDuty notifies nobody of repeats: name also fields
    that distinguish another attack, such as the caller. Default: the name of the rule or the alarm is the key."""
    resolves: bool = True
    """Whether the end of an alarm ends the incident. False for an alarm on events, such as lines of a log, which is OK
    again a minute after an attack: each alarm opens an incident, which people resolve. Default: yes."""
    first: str = ""
    """First step of the response, one sentence, for channels that show it. Default: none."""
    link: str = ""
    """HTTPS URL with more details. Default: for a rule on CloudTrail events, their list in the console; else none."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        if self.severity is None or isinstance(self.severity, Severity):
            return
        problems = Problems(f"the sender {self.title or self.arn}")
        known = {severity.value: severity for severity in Severity}
        problems.require(
            self.severity in known, f"severity needs one of {', '.join(known)} or None, got {self.severity!r}"
        )
        problems.raise_any()
        object.__setattr__(self, "severity", known[self.severity])


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A destination of a sender."""

    id: str
    """Kind of target, for example ``Topic``. The library adds a number if a sender has several targets of a kind."""
    arn: str
    """ARN of a rule's target, or of an alarm's action."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Further properties of a rule's target, with CDK's names (``inputTransformer``, ``roleArn`` ...). Default: none.
    """


@runtime_checkable
class AlertChannel(Protocol):
    """A destination of alerts: `alerts.Topic`, `alerts.several`, `alerts.nobody`, or your own class with `connect`."""

    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Connect a sender with the channel, and return the targets of the sender.

        Args:
            scope: the sender's scope, for the resources of this connection: a policy, a role, another rule.
            sender: the rule or the alarm that sends.

        Returns:
            The targets of the sender, at most five. Empty if the channel created all that it needs in `scope`, or
            notifies nobody.
        """


def makes_nothing(when: Callable[[Any, Sender], bool] = lambda _channel, _sender: True) -> Callable[[_Method], _Method]:
    """Mark a `connect` that creates nothing in the sender's scope, always or for some senders.

    A class that overrides the method loses the mark.
    """

    def mark(connect: _Method) -> _Method:
        setattr(connect, _MARK, when)
        return connect

    return mark


def needs_no_scope(channel: AlertChannel, sender: Sender) -> bool:
    """Return whether a channel is known to create nothing in the scope of a sender."""
    when = getattr(type(channel).connect, _MARK, None)
    return when is not None and bool(when(channel, sender))


def apart(scope: Construct, id: str, channel: AlertChannel, sender: Sender) -> Construct:
    """Return a scope for the resources of one connection. A new one costs a call into Node, so only if it is needed.

    Args:
        scope: the parent construct.
        id: its construct ID.
        channel: the channel that receives the alerts.
        sender: the rule or the alarm that sends.
    """
    return scope if needs_no_scope(channel, sender) else Construct(scope, id)
