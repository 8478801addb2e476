"""A stack for each channel, with a rule and an alarm that tell it."""

from dataclasses import replace
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

from hardened_eks.alerts import AlertChannel, Email, EventBus, Sms
from hardened_eks.alerts._delivery import deliver, tell
from tests.alerts.test_payloads import ALARM, CALL, CHANNELS

ALL: dict[str, AlertChannel] = {
    **CHANNELS,
    "email": Email("on-call@example.com", "ops@example.com"),
    "sms": Sms("+4915112345678"),
    "event_bus": EventBus("arn:aws:events:eu-west-1:111122223333:event-bus/security"),
}


def send(stack: cdk.Stack, channel: AlertChannel, id: str = "") -> None:
    """Make a rule and an alarm that tell a channel."""
    rule = events.CfnRule(stack, f"Rule{id}", event_pattern={"source": ["aws.eks"]})
    deliver(stack, rule, replace(CALL, arn=rule.attr_arn), channel)
    alarm = cloudwatch.CfnAlarm(
        stack, f"Alarm{id}", comparison_operator="GreaterThanThreshold", evaluation_periods=1, metric_name="m",
        namespace="n", period=60, statistic="Sum", threshold=1,
    )  # fmt: skip
    tell(stack, alarm, replace(ALARM, arn=alarm.attr_arn), channel)


def app() -> cdk.App:
    made = cdk.App()
    cdk.Tags.of(made).add("application", "payments")
    for name, channel in ALL.items():
        send(cdk.Stack(made, stack_name(name)), channel)
    return made


def stack_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the properties of all resources of a type."""
    return [one.get("Properties", {}) for one in template["Resources"].values() if one["Type"] == kind]
