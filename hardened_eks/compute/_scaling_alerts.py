"""Alerts on launches and terminations of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events

from hardened_eks._l1 import create
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import deliver
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.alerts import AlertChannel

# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
_EVENTS = (
    "EC2 Instance Launch Successful",
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance Terminate Successful",
    "EC2 Instance Terminate Unsuccessful",
)
_FIELDS = {
    "what": "$.detail-type",
    "instance": "$.detail.EC2InstanceId",
    "group": "$.detail.AutoScalingGroupName",
    "why": "$.detail.Cause",
    "when": "$.time",
}


def tell(scope: Construct, *, group_name: str, what: str, channel: AlertChannel, key_arn: str) -> None:
    """Notify a channel of every launch and termination of a group, including failed ones.

    It uses EventBridge, which reaches every channel. Notifications of Auto Scaling reach only topics.

    Args:
        scope: the parent construct of the rule and its dead-letter queue.
        group_name: name of the Auto Scaling group.
        what: description of the group for people.
        channel: the channel that receives the alerts.
        key_arn: ARN of the KMS key of the queue.
    """
    rule = create(
        events.CfnRule,
        scope,
        "Rule",
        description=f"Nodes of {what} come and go",
        event_pattern={
            "source": ["aws.autoscaling"],
            "detail-type": list(_EVENTS),
            "detail": {"AutoScalingGroupName": [group_name]},
        },
    )
    rule_arn = rule.attr_arn
    sender = Sender(
        service="events.amazonaws.com",
        arn=rule_arn,
        text="<what> in <group>: <instance> at <when>. <why>",
        fields=_FIELDS,
        severity=Severity.LOW,
        title="Nodes come and go",
        key="instance",
    )
    deliver(scope, rule, sender, channel, key_arn=key_arn)
