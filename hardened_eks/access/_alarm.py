"""Somebody hears when the break-glass role is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events

from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import deliver
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks.alerts import AlertChannel, Target

_FIELDS = {
    "who": "$.detail.userIdentity.arn",
    "source": "$.detail.requestParameters.sourceIdentity",
    "when": "$.time",
    "where": "$.detail.sourceIPAddress",
}


def alarm(scope: Construct, *, role_arn: str, what: str, channel: AlertChannel, key_arn: str) -> Sequence[Target]:
    """Tell a channel about every call that takes a role; CloudTrail must be on.

    Args:
        scope: where the rule goes; what the targets refuse waits in the stack's queue of alerts, which has an alarm.
        role_arn: the role.
        what: what the role is, as people read it.
        channel: the channel that receives the alerts.
        key_arn: the KMS key of the queue, where it is the stack's first alert.

    Returns:
        The targets of the rule.
    """
    rule = _rule(scope, role_arn=role_arn, what=f"{what} is taken")
    rule_arn = rule.attr_arn
    # In one line that a person can read at night.
    text = f"{what} was taken by <source> (<who>) from <where> at <when>."
    sender = Sender(
        service="events.amazonaws.com",
        arn=rule_arn,
        text=text,
        fields=_FIELDS,
        severity=Severity.CRITICAL,
        title=f"{what} was taken",
        key="who",
        first="Ask the person why. If nobody knows, seal the role and deploy: the session loses the cluster at once.",
    )
    return deliver(scope, rule, sender, channel, key_arn=key_arn)


def _rule(scope: Construct, *, role_arn: str, what: str) -> events.CfnRule:
    return events.CfnRule(
        scope,
        "Rule",
        description=what,
        # CloudTrail calls sts:AssumeRole read-only; without this state read-only calls may not be delivered:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        event_pattern={
            "source": ["aws.sts"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["sts.amazonaws.com"],
                "eventName": ["AssumeRole"],
                "requestParameters": {"roleArn": [role_arn]},
            },
        },
    )
