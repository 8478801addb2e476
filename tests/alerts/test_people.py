"""What people read in a mail and on a telephone: each part once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from hardened_eks.alerts import AlertChannel, Email, Sms
from tests.alerts.test_payloads import CALL, EVENT
from tests.alerts.transformer import apply

LINK = "https://console.example.com/events/<call>"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack()


def read(stack: cdk.Stack, channel: AlertChannel, *, link: str) -> str:
    (target,) = channel.connect(stack, replace(CALL, link=link))
    made = target.properties["inputTransformer"]
    return apply({"InputPathsMap": made["inputPathsMap"], "InputTemplate": made["inputTemplate"]}, EVENT)


@pytest.mark.parametrize(
    ("link", "place"), [(LINK, "console.example.com"), ("", "console.aws.amazon.com/cloudtrailv2")], ids=["own", "none"]
)
def test_a_mail_says_each_part_once(stack: cdk.Stack, link: str, place: str) -> None:
    text = read(stack, Email("a@example.com"), link=link)
    for part in (
        "HIGH: EKS changed by hand.",
        "UpdateClusterConfig on payments",
        "First: Ask ",
        "Ask ",
        place,
        "https:",
    ):
        assert text.count(part) == 1, text
    assert text.index("First: ") < text.index("https:")


def test_a_telephone_shows_what_fits_one_message(stack: cdk.Stack) -> None:
    text = read(stack, Sms("+4915112345678"), link=LINK).strip('"')
    assert text == "HIGH: EKS changed by hand 2026-11-29T08:00:00Z"


def subscriptions(stack: cdk.Stack) -> dict[str, Any]:
    """Return what CloudFormation compares: the logical ID, address and topic of each subscription."""
    return {
        stack.get_logical_id(one): (stack.resolve(one.endpoint), stack.resolve(one.topic_arn))
        for one in stack.node.find_all()
        if isinstance(one, sns.CfnSubscription)
    }


def topics(stack: cdk.Stack) -> set[str]:
    return {stack.get_logical_id(one) for one in stack.node.find_all() if isinstance(one, sns.CfnTopic)}


def sent(*channels: AlertChannel) -> cdk.Stack:
    stack = cdk.Stack()
    for channel in channels:
        channel.connect(stack, CALL)
    return stack


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a@example.com"], ["a@example.com", "b@example.com"]),
        (["a@example.com", "b@example.com", "c@example.com"], ["a@example.com", "c@example.com"]),
        (["a@example.com", "b@example.com"], ["a@example.com", "c@example.com", "b@example.com"]),
    ],
    ids=["added", "removed", "between"],
)
def test_who_confirmed_keeps_the_subscription(before: Sequence[str], after: Sequence[str]) -> None:
    old, new = sent(Email(*before)), sent(Email(*after))
    assert topics(old) == topics(new)
    now = subscriptions(new)
    kept = {name: told for name, told in subscriptions(old).items() if told[0] in after}
    assert len(kept) == len(set(before) & set(after))
    assert {name: now.get(name) for name in kept} == kept


def test_channels_with_the_same_first_address_have_topics_of_their_own() -> None:
    stack = sent(Email("a@example.com"), Email("a@example.com", "b@example.com"), Sms("+4915112345678"))
    assert len(topics(stack)) == 3
    assert sorted(address for address, _ in subscriptions(stack).values()) == [
        "+4915112345678", "a@example.com", "a@example.com", "b@example.com",
    ]  # fmt: skip


def test_addresses_known_only_at_deployment_are_all_subscribed() -> None:
    stack = cdk.Stack()
    asked = [cdk.CfnParameter(stack, name).value_as_string for name in ("One", "Two", "Three")]
    Email(*asked).connect(stack, CALL)
    assert sorted(address["Ref"] for address, _ in subscriptions(stack).values()) == ["One", "Three", "Two"]
