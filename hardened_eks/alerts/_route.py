"""The channel that routes by severity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardened_eks.alerts._channel import MOST_TARGETS, makes_nothing, needs_no_scope
from hardened_eks.alerts._combined import all_of, as_channel, channel_problems
from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from hardened_eks.alerts._channel import AlertChannel, Sender, Target


@dataclass(frozen=True, slots=True, init=False)
class Route:
    """A channel that sends each alert to the channels of its severity.

    A severity without channels uses those of the next lower severity that has some, or else of the next higher:
    ``Route(critical=[pager], medium=[mail])`` sends high and low alerts to the mail. So no alert is lost. An alert
    without a known severity goes to all channels.
    """

    channels: Mapping[Severity, tuple[AlertChannel, ...]]
    """The channels of each severity, including the severities that were left out."""

    def __init__(
        self,
        *,
        critical: Sequence[AlertChannel | sns.ITopic] = (),
        high: Sequence[AlertChannel | sns.ITopic] = (),
        medium: Sequence[AlertChannel | sns.ITopic] = (),
        low: Sequence[AlertChannel | sns.ITopic] = (),
    ) -> None:
        """Create the channel. Each severity has at most five channels, the limit of a rule and of an alarm.

        Args:
            critical: channels for alerts that need action at once. Default: those of the next severity with channels.
            high: channels for alerts to check today. Default: those of the next severity with channels.
            medium: channels for alerts to check. Default: those of the next severity with channels.
            low: channels for alerts that are only informative; ``[alerts.nobody(reason=...)]`` for no notification.
                Default: those of the next severity with channels.

        Raises:
            ConfigurationError: no severity has a channel, one has more than five, or one is not a channel. The error
                lists all mistakes.
        """
        given = dict(zip(Severity, (critical, high, medium, low), strict=True))
        problems = Problems("alerts.Route")
        for severity, channels in given.items():
            if not isinstance(channels, list | tuple):
                problems.add(f"{severity} needs a list of channels, got {channels!r}: pass [...]")
                continue
            for channel in channels:
                problems.extend(channel_problems(**{severity.value: channel}))
            problems.require(
                len(channels) <= MOST_TARGETS,
                f"{severity} needs at most {MOST_TARGETS} channels, the limit of a rule and of an alarm, "
                f"got {len(channels)}",
            )
        problems.require(
            any(given.values()), "no severity has a channel: pass critical=[...], high=[...] or a lower one"
        )
        problems.raise_any()
        order = list(Severity)
        filled = {
            severity: tuple(as_channel(one) for one in given[_next(severity, [s for s in order if given[s]])])
            for severity in order
        }
        object.__setattr__(self, "channels", filled)

    @makes_nothing(lambda route, sender: all(needs_no_scope(one, sender) for one in _told(route, sender)))
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Connect a sender with the channels of its severity.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            Their targets.
        """
        return all_of(_told(self, sender), scope, sender)


def _told(route: Route, sender: Sender) -> Sequence[AlertChannel]:
    if sender.severity is not None:
        return route.channels[sender.severity]
    return list({id(one): one for channels in route.channels.values() for one in channels}.values())


def _next(severity: Severity, defined: Sequence[Severity]) -> Severity:
    return next((one for one in defined if one.rank >= severity.rank), defined[-1])
