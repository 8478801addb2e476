"""State machines tell people by one event, and one rule a severity sends it on."""

import json
from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from constructs import Construct

from hardened_eks.alerts import Sender, Target
from hardened_eks.alerts._reports import may_report, report_entry, send_reports
from hardened_eks.severity import Severity


class Listener:
    def __init__(self) -> None:
        self.told: list[Sender] = []

    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        self.told.append(sender)
        return [Target(id="Listener", arn="arn:aws:sns:eu-west-1:123456789012:x", properties={"input": '"x"'})]


@pytest.fixture(scope="module")
def made() -> tuple[list[dict[str, Any]], list[Sender]]:
    stack = cdk.Stack(cdk.App(), "Reports")
    listener = Listener()
    send_reports(stack, cluster="payments", channel=listener)
    rules = Template.from_stack(stack).find_resources("AWS::Events::Rule")
    told = [sender for sender in listener.told if sender.service == "events.amazonaws.com"]
    return [rule["Properties"] for rule in rules.values()], told


def test_a_rule_for_each_severity(made: tuple[list[dict[str, Any]], list[Sender]]) -> None:
    rules, told = made
    assert [one.severity for one in told] == list(Severity)
    for rule in rules:
        pattern = rule["EventPattern"]
        assert (pattern["source"], pattern["detail-type"]) == (["hardened-eks"], ["hardened-eks report"])
        assert pattern["detail"]["cluster"] == ["payments"]
        (target,) = rule["Targets"]
        assert (target["Id"], target["Input"]) == ("Listener", '"x"')
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10}
        assert "Fn::GetAtt" in target["DeadLetterConfig"]["Arn"]
    severities = [rule["EventPattern"]["detail"]["severity"] for rule in rules]
    assert severities == [
        ["critical", {"anything-but": ["critical", "high", "medium", "low"]}, {"exists": False}], ["high"], ["medium"],
        ["low"],
    ]  # fmt: skip


def test_the_rules_take_title_text_and_key_from_the_report(made: tuple[list[dict[str, Any]], list[Sender]]) -> None:
    for sender in made[1]:
        assert (sender.title, sender.text, sender.key) == ("<title>", "<text>", "key")
        detail = report_entry(severity="high", title="a", text="b", key="c", cluster="d", detection="e")["Detail"]
        paths = {path.removeprefix("$.detail.") for path in sender.fields.values() if path.startswith("$.detail.")}
        assert paths == set(detail) - {"severity"}


def test_an_entry_of_a_state_machine() -> None:
    paths = report_entry(
        severity="high", title="Node quarantined", text="$.text", key="$.node", cluster="payments", suffix=".$"
    )
    assert paths["Detail"] == {
        "severity": "high", "title": "Node quarantined", "text.$": "$.text", "key.$": "$.node", "cluster": "payments",
        "detection": "",
    }  # fmt: skip
    assert (paths["Source"], paths["DetailType"], paths["EventBusName"]) == (
        "hardened-eks", "hardened-eks report", "default",
    )  # fmt: skip
    json.dumps(paths)


def test_a_reporter_may_put_its_own_events_and_no_others() -> None:
    statement = cdk.Stack(cdk.App(), "S").resolve(may_report())
    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"]["Fn::Join"][1][-1] == ":event-bus/default"
    assert statement["Condition"] == {
        "StringEquals": {"events:source": "hardened-eks", "events:detail-type": "hardened-eks report"}
    }
