"""A detection, created by a CloudFormation engine: what happens reaches a channel, with who did it."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.detections import Source
from tests.detections.test_events import CASES
from tests.emulator.conftest import Account
from tests.emulator.observing import Inbox, eventually, observe, write
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deploy"
GROUP = "/aws/eks/payments/cluster"
AUDIT, BUS = Source.AUDIT_LOG, Source.EVENTBRIDGE


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Detection", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    topic = hardened.alerts.Topic(stack, "Alerts")
    hardened.Detection(
        stack,
        "Detection",
        cluster=cluster,
        alerts=topic,
        trusted_automation=[DEPLOYER],
        level="full",
        trail="elsewhere",
    )
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture(scope="module")
def deployed(emulator: str, template: dict[str, Any]) -> Account:
    account = Account(emulator)
    account.reset()
    account.client("logs").create_log_group(logGroupName=GROUP)
    account.deploy("Detection", template)
    return account


@pytest.fixture
def inbox(deployed: Account) -> Inbox:
    (topic,) = [t["TopicArn"] for t in deployed.client("sns").list_topics()["Topics"]]
    return Inbox(deployed, topic)


def told(inbox: Inbox, *parts: str, seconds: float = 10) -> list[str]:
    """Wait for messages that have all parts."""
    return eventually(
        lambda: [m["Message"] for m in inbox.messages() if all(p in m["Message"] for p in parts)], seconds=seconds
    )


def test_every_pattern_is_valid(deployed: Account) -> None:
    """The emulator's CloudFormation stores what EventBridge would refuse."""
    events = deployed.client("events")
    rules = events.list_rules()["Rules"]
    assert len(rules) >= 15
    empty = {"source": "x", "detail-type": "y", "detail": {}, "id": "1", "account": ACCOUNT, "region": REGION}
    for rule in rules:
        text = json.dumps(json.loads(events.describe_rule(Name=rule["Name"])["EventPattern"]), separators=(",", ":"))
        assert len(text) <= 2048, rule["Name"]
        event = json.dumps({**empty, "time": "2026-11-29T00:00:00Z", "resources": []})
        assert events.test_event_pattern(EventPattern=text, Event=event)["Result"] is False


def test_an_opened_endpoint_is_told_in_words(deployed: Account, inbox: Inbox) -> None:
    event = CASES["eks-endpoint-public", BUS].fires[0]
    observe(deployed, event)
    (text,) = told(inbox, "CRITICAL: EKS was changed", "eks-endpoint-public")
    for part in (
        event["detail"]["userIdentity"]["arn"],
        event["detail"]["eventName"],
        event["detail"]["sourceIPAddress"],
        f"#/events/{event['detail']['eventID']}",
        "endpointPublicAccess=false",
    ):
        assert part in text


def test_trusted_automation_wakes_nobody_and_is_recorded(deployed: Account, inbox: Inbox) -> None:
    event = json.loads(json.dumps(CASES["eks-endpoint-public", BUS].fires[0]))
    event["detail"]["eventID"] = "11111111-2222-3333-4444-555555555555"
    event["detail"]["userIdentity"] = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/AWSCloudFormation",
        "invokedBy": "cloudformation.amazonaws.com",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": DEPLOYER}},
    }
    observe(deployed, event)
    groups = deployed.client("logs").describe_log_groups()["logGroups"]
    (digest,) = [g["logGroupName"] for g in groups if g["logGroupName"].startswith("/aws/events/")]
    recorded = eventually(
        lambda: [
            e["message"]
            for e in deployed.client("logs").filter_log_events(logGroupName=digest)["events"]
            if event["detail"]["eventID"] in e["message"]
        ]
    )
    assert len(recorded) == 1
    assert not [m for m in inbox.messages() if event["detail"]["eventID"] in m["Message"]]


def test_a_line_of_the_audit_log_raises_an_alarm_and_brings_evidence(deployed: Account, inbox: Inbox) -> None:
    line = CASES["k8s-anonymous-allowed", AUDIT].fires[0]
    write(deployed, GROUP, line)
    told(inbox, "AlarmName", "k8s-anonymous-allowed")
    (report,) = told(inbox, "Who, from where, what", "k8s-anonymous-allowed", seconds=30)
    record = json.loads(line)
    assert report.strip('"').startswith("CRITICAL")
    assert record["user"]["username"] in report
    assert record["sourceIPs"][0] in report


def test_the_digest_is_one_message(deployed: Account, inbox: Inbox) -> None:
    machines = deployed.client("stepfunctions")
    (arn,) = [m["stateMachineArn"] for m in machines.list_state_machines()["stateMachines"] if "-Digest-" in m["name"]]
    run = machines.start_execution(stateMachineArn=arn, input="{}")["executionArn"]
    state = eventually(
        lambda: machines.describe_execution(executionArn=run), lambda seen: seen["status"] != "RUNNING", seconds=40
    )
    assert state["status"] == "SUCCEEDED", state.get("cause")
    (text,) = told(inbox, "Digest of EKS cluster payments")
    assert "UpdateClusterConfig" in text or "Changes and findings" in text
