"""What the channels of a stack share: a key, a queue for what was refused, and alarms on failed delivery."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import notes_of, stack_of
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._actions import accept_no_action, actions_of
from hardened_eks.alerts._channel import MOST_TARGETS, Sender, apart
from hardened_eks.alerts._ids import free, unique
from hardened_eks.alerts._resources import TWO_WEEKS, Admitted, tls_only
from hardened_eks.keys import Keys
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch

    from hardened_eks.alerts._channel import AlertChannel

T = TypeVar("T")
_ID: Final = "HardenedAlerts"
_RULES_AN_ALARM: Final = 4
"""An alarm takes ten metrics, an expression among them, and a rule has two:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""
_FAILURES: Final = ("FailedInvocations", "InvocationsFailedToBeSentToDlq")
"""A failure that reached the dead-letter queue is in neither, and is seen by the queue's alarm:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html"""


@dataclass(slots=True, kw_only=True)
class _Watching:
    """An alarm on deliveries, with what would have to be asked of Node again."""

    id: str
    alarm: cloudwatch.CfnAlarm
    sender: Sender
    actions: list[str]


class StackAlerts(Construct):
    """The one resource of a stack, created by the first channel that needs it."""

    def __init__(self, scope: Construct, id: str, key_arn: str) -> None:
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.key_arn = key_arn or Keys(self, "Keys").notifications.key_arn
        """The key of the queue, and of topics that have none of their own."""
        self._made: dict[tuple[str, ...], Any] = {}
        self._rules: list[str] = []
        self._forwarding: list[str] = []
        self._watching: list[_Watching] = []
        self._told: list[AlertChannel] = []
        self._queue_name = ""

    @classmethod
    def of(cls, scope: Construct, key_arn: str = "") -> StackAlerts:
        """Return the one of the stack of a scope.

        Args:
            scope: anything in the stack.
            key_arn: the key to use, where it is created now. Default: a key is created.
        """
        stack = stack_of(scope)
        notes = notes_of(stack)
        if _ID not in notes:
            notes[_ID] = cls(stack, _ID, key_arn)
        found: StackAlerts = notes[_ID]
        return found

    @classmethod
    def tell_of_refusals(cls, scope: Construct, channel: AlertChannel) -> None:
        """Tell a channel of refusals, if what it makes or another has created puts them into the stack's queue."""
        found: StackAlerts | None = notes_of(stack_of(scope)).get(_ID)
        if found is not None and found.keeps:
            found.watch(channel)

    @property
    def keeps(self) -> bool:
        """Whether there is a queue that keeps what was refused."""
        return bool(self._queue_name)

    def once(self, kind: str, different: tuple[str, ...], make: Callable[[Construct], T]) -> T:
        """Create something for a channel at its first use in the stack, and return the same from then on.

        Args:
            kind: what the channel is.
            different: strings that tell it from others of its kind.
            make: makes it in a scope of its own.
        """
        known = (kind, *different)
        if known not in self._made:
            self._made[known] = make(Construct(self, free(self, unique(kind, *different))))
        made: T = self._made[known]
        return made

    def watch(self, channel: AlertChannel, *rules: str) -> None:
        """Tell a channel when alerts are refused, and when a rule could neither deliver one nor keep it.

        Args:
            channel: the channel that receives the alerts.
            *rules: names of the rules.
        """
        rules, self._forwarding = (*self._forwarding, *rules), []
        if channel not in self._told:
            self._told.append(channel)
            for watching in self._watching:
                actions = self._actions(watching.id, watching.sender, watching.actions, len(self._told))
                if actions != watching.actions:
                    watching.alarm.alarm_actions = watching.actions = actions
        if not self._watching:
            self._alarm("UndeliveredAlarm", **_depth(self._queue_name))
        known = len(self._rules)
        self._rules += rules
        for number in range(known // _RULES_AN_ALARM, math.ceil(len(self._rules) / _RULES_AN_ALARM)):
            start = number * _RULES_AN_ALARM
            metrics: Any = _failures(self._rules[start : start + _RULES_AN_ALARM])
            if start < known:
                self._watching[-1].alarm.metrics = metrics
            else:
                self._alarm(f"FailedAlarm{number + 1}", metrics=metrics)

    def forward(self, scope: Construct, rule: str) -> None:
        """Take a rule that a channel made for an alarm among those watched, from the next `watch` on.

        Not one that reports failed deliveries: its own failures would need an alarm with further rules, without end.

        Args:
            scope: where the rule is.
            rule: its name.
        """
        if self not in scope.node.scopes:
            self._forwarding.append(rule)

    def _alarm(self, id: str, **measured: Any) -> None:
        """Create an alarm that tells all who are told already."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        name = f"{_owner.stack_name()}-{_ID}-{id}"
        sender = Sender(
            service="cloudwatch.amazonaws.com",
            arn=_aws.arn("cloudwatch", f"alarm:{name}"),
            severity=Severity.HIGH,
            title="Alerts were not delivered",
            first="Read the queue HardenedAlerts of the stack, mend the target, then redrive the queue.",
        )
        actions: list[str] = []
        for number in range(1, len(self._told) + 1):
            actions = self._actions(id, sender, actions, number)
        alarm = cloudwatch.CfnAlarm(
            self,
            id,
            alarm_name=name,
            alarm_actions=actions or None,
            alarm_description="Alerts were not delivered. Read the queue HardenedAlerts, mend the target, redrive.",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            **measured,
        )
        accept_no_action(alarm, actions)
        self._watching.append(_Watching(id=id, alarm=alarm, sender=sender, actions=actions))

    def _actions(self, id: str, sender: Sender, actions: list[str], number: int) -> list[str]:
        """Return the actions of an alarm with those of one more channel, by its number among those told."""
        channel = self._told[number - 1]
        if len(actions) < MOST_TARGETS:
            return actions_of(apart(self, f"{id}Tells{number}", channel, sender), sender, channel, also=actions)
        cdk.Annotations.of(self).add_warning_v2(
            "hardened-eks:told-of-failures",
            f"an alarm has {MOST_TARGETS} actions, so some channels of the stack hear nothing of failed deliveries",
        )
        return actions

    @cached_property
    def undelivered_arn(self) -> str:
        """ARN of the queue where what was refused waits for two weeks; it is created on first use."""
        queue = sqs.CfnQueue(self, "Undelivered", kms_master_key_id=self.key_arn, message_retention_period=TWO_WEEKS)
        acknowledge(queue, {"AwsSolutions::AwsSolutions-SQS3": "it is the dead-letter queue of the stack's alerts"})
        arn: str = queue.attr_arn
        self._queue_name = queue.attr_queue_name
        senders = (
            Admitted(
                service="events.amazonaws.com",
                condition={"ArnLike": {"aws:SourceArn": _aws.arn("events", "rule/*")}},
            ),
            Admitted(
                service="sns.amazonaws.com",
                condition={
                    "ArnLike": {"aws:SourceArn": _aws.arn("sns", "*")},
                    "StringEquals": {"aws:SourceAccount": _aws.account()},
                },
            ),
        )
        sqs.CfnQueuePolicy(
            self,
            "UndeliveredPolicy",
            queues=[queue.ref],
            policy_document=document(
                *(sender.statement("sqs:SendMessage", arn) for sender in senders), tls_only("sqs:*", arn)
            ),
        )
        return arn


def tell(
    scope: Construct, alarm: cloudwatch.CfnAlarm, sender: Sender, channel: AlertChannel, *, also: Sequence[str] = ()
) -> list[str]:
    """Let an alarm tell a channel as well, by an action or by what the channel makes of it.

    What the channel makes keeps in the stack's queue what was refused; an alarm on the queue tells the same channel.

    Args:
        scope: the sender's scope, for what the channel makes.
        alarm: the alarm, which gets its actions.
        sender: the alarm as a sender.
        channel: the channel that receives the alerts.
        also: the actions that it has. Default: none.

    Returns:
        The actions that it has now.
    """
    actions = actions_of(scope, sender, channel, also=also)
    if len(actions) > len(also):
        alarm.alarm_actions = actions
    accept_no_action(alarm, actions)
    StackAlerts.tell_of_refusals(scope, channel)
    return actions


def _depth(queue_name: str) -> dict[str, Any]:
    return {
        "namespace": "AWS/SQS",
        "metric_name": "ApproximateNumberOfMessagesVisible",
        "dimensions": [{"name": "QueueName", "value": queue_name}],
        "statistic": "Maximum",
        "period": 300,
    }


def _failures(rules: list[str]) -> list[dict[str, Any]]:
    metrics: list[dict[str, Any]] = [
        {
            "id": f"m{number}{name[0].lower()}",
            "returnData": False,
            "metricStat": {
                "metric": {
                    "namespace": "AWS/Events",
                    "metricName": name,
                    "dimensions": [{"name": "RuleName", "value": rule}],
                },
                "period": 300,
                "stat": "Sum",
            },
        }
        for number, rule in enumerate(rules)
        for name in _FAILURES
    ]
    return [{"id": "failed", "expression": "SUM(METRICS())", "returnData": True}, *metrics]
