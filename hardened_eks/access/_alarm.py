"""The alert that is sent when somebody assumes the break-glass role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events

from hardened_eks._l1 import create
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
    """Send an alert to a channel for every call that assumes a role. CloudTrail must be on.

    Args:
        scope: the parent construct of the rule. Alerts that a target refuses go to the stack's dead-letter queue, which
            has an alarm.
        role_arn: ARN of the role.
        what: description of the role for people.
        channel: the channel that receives the alerts.
        key_arn: ARN of the KMS key of the queue, which is created with the stack's first alert.

    Returns:
        The targets of the rule.
    """
    rule = _rule(scope, role_arn=role_arn, what=f"{what} is taken")
    rule_arn = rule.attr_arn
    # One line that an engineer on call can read at night.
    text = f"{what} was taken by <source> (<who>) from <where> at <when>."
    sender = Sender(
        service="events.amazonaws.com",
        arn=rule_arn,
        text=text,
        fields=_FIELDS,
        severity=Severity.CRITICAL,
        title=f"{what} was taken",
        key=("who", "where"),
        first="Ask the person why. If nobody knows, seal the role and deploy: the session loses the cluster at once.",
    )
    return deliver(scope, rule, sender, channel, key_arn=key_arn)


def _rule(scope: Construct, *, role_arn: str, what: str) -> events.CfnRule:
    return create(
        events.CfnRule,
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
