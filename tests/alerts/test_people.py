"""What people read in a mail and on a telephone: each part once."""

from dataclasses import replace

import aws_cdk as cdk
import pytest

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
