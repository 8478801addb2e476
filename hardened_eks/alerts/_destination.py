"""API destinations: HTTPS calls that EventBridge sends for a rule. Only a rule can have one as its target."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._roles import document, role
from hardened_eks.alerts._channel import Target
from hardened_eks.alerts._delivery import as_properties
from hardened_eks.alerts._given import offered
from hardened_eks.alerts._ids import free
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.alerts._words import CONSOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from constructs import Construct

    from hardened_eks.alerts._channel import Sender

ALARMS: Final = "cloudwatch.amazonaws.com"
_ALARM_FIELDS: Final = {
    "alarm": "$.detail.alarmName",
    "state": "$.detail.state.value",
    "reason": "$.detail.state.reason",
    "description": "$.detail.configuration.description",
    "when": "$.time",
}
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The endpoint of a vendor, and its credentials."""

    kind: str
    """Name of the vendor, used in the IDs of targets and constructs."""
    url: str
    """HTTPS URL that takes a POST."""
    authorization: str
    """`AuthorizationType` of the connection."""
    parameters: Mapping[str, Any]
    """`AuthParameters` of the connection, secrets as dynamic references."""
    different: tuple[str, ...]
    """Strings that distinguish the endpoint from others of its kind, see `StackAlerts.once`."""
    per_second: int
    """Calls per second that the vendor accepts; EventBridge queues further calls."""

    def target(self, scope: Construct, transformer: Mapping[str, Any]) -> Target:
        """Return the target of a rule. Its resources are created once per stack."""
        offered(scope, self.kind, "AWS::Events::ApiDestination")
        arn, role_arn = StackAlerts.of(scope).once(self.kind, self.different, self._make)
        return Target(id=self.kind, arn=arn, properties={"roleArn": role_arn, "inputTransformer": dict(transformer)})

    def _make(self, scope: Construct) -> tuple[str, str]:
        connection = create(
            events.CfnConnection,
            scope,
            "Connection",
            description=f"Alerts to {self.kind}",
            authorization_type=self.authorization,
            auth_parameters=dict(self.parameters),
        )
        destination = create(
            events.CfnApiDestination,
            scope,
            "Destination",
            description=f"Alerts to {self.kind}",
            connection_arn=connection.attr_arn,
            http_method="POST",
            invocation_endpoint=self.url,
            invocation_rate_limit_per_second=self.per_second,
        )
        arn: str = destination.attr_arn
        return arn, rules_role(scope, f"Send alerts to {self.kind}", "events:InvokeApiDestination", arn)


def rules_role(scope: Construct, description: str, action: str, resource: str) -> str:
    """Create a role, ``Role``, that allows the account's rules one action, and return its ARN."""
    trust = document(
        {
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
        }
    )
    made = role(
        scope,
        "Role",
        description=description,
        trust=trust,
        aws_policies={},
        statements=[{"Action": action, "Resource": resource}],
    )
    arn: str = made.attr_arn
    return arn


def as_rule(sender: Sender) -> Sender:
    """Return the rule that sends for an alarm, as a sender."""
    return replace(
        sender,
        service="events.amazonaws.com",
        text="<description>",  # with severity, first step and runbook; the reason has only numbers
        title=sender.title or "<alarm>",
        fields=_ALARM_FIELDS if sender.resolves else {**_ALARM_FIELDS, "change": "$.id"},
        key="alarm" if sender.resolves else "change",
        link=sender.link or f"{CONSOLE}/cloudwatch/home?region=<region>#alarmsV2:",
    )


def on_alarm(scope: Construct, kind: str, sender: Sender, targets: Mapping[str, Callable[[], Target]]) -> None:
    """Create a rule for each reported state of alarms: an alarm itself cannot call an endpoint.

    Args:
        scope: the parent construct.
        kind: prefix of their IDs.
        sender: the alarms.
        targets: functions that create the target, by state, ``ALARM`` or ``OK``.
    """
    stack = StackAlerts.of(scope)
    queue = stack.undelivered_arn
    for state, target in targets.items():
        rule = create(
            events.CfnRule,
            scope,
            free(scope, f"{kind}On{state.capitalize()}"),
            description=f"Tell {kind} that an alarm is in {state}",
            event_pattern={
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "resources": [sender.arn, *sender.also],
                "detail": {"state": {"value": [state]}},
            },
        )
        rule.targets = as_properties([target()], queue)
        stack.forward(scope, rule.ref)
