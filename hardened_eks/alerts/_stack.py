"""Shared resources of the channels of a stack: a key, a dead-letter queue, and alarms on failed delivery."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import notes_of, stack_of
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._records import dataclass
from hardened_eks._roles import document
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._actions import accept_no_action, actions_of
from hardened_eks.alerts._channel import MOST_TARGETS, Sender, apart
from hardened_eks.alerts._ids import free, unique
from hardened_eks.alerts._resources import TWO_WEEKS, Admitted, tls_only
from hardened_eks.keys import Keys
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import aws_cloudwatch as cloudwatch

    from hardened_eks.alerts._channel import AlertChannel

T = TypeVar("T")
_ID: Final = "HardenedAlerts"
_RULES_AN_ALARM: Final = 4
"""An alarm has at most ten metrics, including an expression, and a rule has two:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""
_FAILURES: Final = ("FailedInvocations", "InvocationsFailedToBeSentToDlq")
"""Neither metric counts a failure that reached the dead-letter queue; the queue's alarm reports it:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html"""


@dataclass(slots=True, kw_only=True)
class _Watching:
    """An alarm on deliveries, with values that would otherwise need further calls into Node."""

    id: str
    alarm: cloudwatch.CfnAlarm
    sender: Sender
    actions: list[str]


class StackAlerts(Construct):
    """The shared resources of a stack's alerts, created by the first channel that needs them."""

    def __init__(self, scope: Construct, id: str, key_arn: str) -> None:
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.key_arn = key_arn or Keys(self, "Keys").notifications.key_arn
        """ARN of the key of the queue, and of topics without their own key."""
        self._made: dict[tuple[str, ...], Any] = {}
        self._rules: list[str] = []
        self._forwarding: list[str] = []
        self._watching: list[_Watching] = []
        self._told: list[AlertChannel] = []
        self._queue_name = ""

    @classmethod
    def of(cls, scope: Construct, key_arn: str = "") -> StackAlerts:
        """Return the shared resources of the scope's stack.

        Args:
            scope: a construct in the stack.
            key_arn: ARN of the key to use if they are created now. Default: a key is created.
        """
        stack = stack_of(scope)
        notes = notes_of(stack)
        if _ID not in notes:
            notes[_ID] = cls(stack, _ID, key_arn)
        found: StackAlerts = notes[_ID]
        return found

    @classmethod
    def tell_of_refusals(cls, scope: Construct, channel: AlertChannel) -> None:
        """Notify a channel of refused alerts, if its resources or others put them into the stack's queue."""
        found: StackAlerts | None = notes_of(stack_of(scope)).get(_ID)
        if found is not None and found.keeps:
            found.watch(channel)

    @property
    def keeps(self) -> bool:
        """Whether the queue for refused alerts exists."""
        return bool(self._queue_name)

    def once(
        self, kind: str, different: tuple[str, ...], make: Callable[[Construct], T], *, named_by: tuple[str, ...] = ()
    ) -> T:
        """Create a resource of a channel at its first use in the stack, and return the same one later.

        Args:
            kind: kind of channel.
            different: strings that distinguish it from others of its kind.
            make: function that creates it in its own scope.
            named_by: the strings that name it, if the others can change without replacing it. Default: all. Where that
                name is taken, all strings name it.
        """
        known = (kind, *different)
        if known not in self._made:
            name = unique(kind, *(named_by or different))
            if self.node.try_find_child(name) is not None:
                name = free(self, unique(kind, *different))
            self._made[known] = make(Construct(self, name))
        made: T = self._made[known]
        return made

    def watch(self, channel: AlertChannel, *rules: str) -> None:
        """Notify a channel when alerts are refused, and when a rule could neither deliver nor keep an alert.

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
        """Add a rule that a channel created for an alarm to the watched rules, from the next `watch` on.

        Rules that report failed deliveries are left out: each would need an alarm with further rules, endlessly.

        Args:
            scope: the parent construct.
            rule: its name.
        """
        if self not in scope.node.scopes:
            self._forwarding.append(rule)

    def _alarm(self, id: str, **measured: Any) -> None:
        """Create an alarm that notifies all channels that are already known."""
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
        alarm = create(
            cloudwatch.CfnAlarm,
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
        """Return the actions of an alarm, including those of a further channel, given its number."""
        channel = self._told[number - 1]
        if len(actions) < MOST_TARGETS:
            return actions_of(apart(self, f"{id}Tells{number}", channel, sender), sender, channel, also=actions)
        cdk.Annotations.of(self).add_warning_v2(
            "hardened-eks:told-of-failures",
            f"an alarm has at most {MOST_TARGETS} actions, so some channels of the stack do not report failed "
            "deliveries: use fewer channels in it",
        )
        return actions

    @cached_property
    def undelivered_arn(self) -> str:
        """ARN of the queue that keeps refused alerts for two weeks. The first use creates it."""
        queue = create(
            sqs.CfnQueue, self, "Undelivered", kms_master_key_id=self.key_arn, message_retention_period=TWO_WEEKS
        )
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
                condition={"ArnLike": {"aws:SourceArn": _aws.arn("sns", "*")}},
            ),
        )
        create(
            sqs.CfnQueuePolicy,
            self,
            "UndeliveredPolicy",
            queues=[queue.ref],
            policy_document=document(
                *(sender.statement("sqs:SendMessage", arn) for sender in senders), tls_only("sqs:*", arn)
            ),
        )
        return arn


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
