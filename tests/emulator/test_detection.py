"""A detection, created by a CloudFormation engine: what happens reaches a channel."""

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


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Detection", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    topic = hardened.alerts.Topic(stack, "Alerts")
    hardened.Detection(stack, "Detection", cluster=cluster, alerts=topic, trusted_automation=[DEPLOYER], level="full")
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
    text = json.dumps(CASES["eks-endpoint-public", Source.EVENTBRIDGE].fires[0])
    event = json.loads(text.replace('"ledger"', '"payments"'))
    observe(deployed, event)
    told = eventually(lambda: [m["Message"] for m in inbox.messages() if "CRITICAL" in m["Message"]])
    assert len(told) == 1
    for part in (
        event["detail"]["userIdentity"]["arn"],
        "UpdateClusterConfig",
        "on EKS cluster 'payments'",
        event["detail"]["sourceIPAddress"],
        f"#/events/{event['detail']['eventID']}",
        "endpointPublicAccess=false",
        "eks-endpoint-public",
    ):
        assert part in told[0]


def test_a_line_of_the_audit_log_raises_an_alarm(deployed: Account, inbox: Inbox) -> None:
    write(deployed, GROUP, CASES["k8s-anonymous-allowed", Source.AUDIT_LOG].fires[0])
    told = eventually(lambda: [m for m in inbox.messages() if "anonymous" in m["Message"].lower()])
    assert "k8s-anonymous-allowed" in told[0]["Message"]
