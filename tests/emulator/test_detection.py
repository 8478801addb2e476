"""A detection, created by a CloudFormation engine: what happens reaches a channel."""

from __future__ import annotations

import json
import time
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.detections.test_events import CASES
from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deploy"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Detection", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    topic = hardened.alerts.Topic(stack, "Alerts")
    cdk.CfnOutput(stack, "TopicArn", value=topic.topic_arn)
    hardened.Detection(stack, "Detection", cluster=cluster, alerts=topic, trusted_automation=[DEPLOYER], level="full")
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture(scope="module")
def deployed(emulator: str, template: dict[str, Any]) -> Account:
    account = Account(emulator)
    account.reset()
    account.client("logs").create_log_group(logGroupName="/aws/eks/payments/cluster")
    account.deploy("Detection", template)
    return account


@pytest.fixture
def inbox(deployed: Account) -> str:
    (topic,) = [t["TopicArn"] for t in deployed.client("sns").list_topics()["Topics"]]
    sqs = deployed.client("sqs")
    url = sqs.create_queue(QueueName=f"inbox-{time.monotonic_ns()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    deployed.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(url)


def messages(account: Account, url: str) -> list[str]:
    found: list[str] = []
    for _ in range(20):
        got = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        found += [json.loads(one["Body"])["Message"] for one in got]
        if found and not got:
            break
        time.sleep(0.1)
    return found


def happen(account: Account, event: dict[str, Any]) -> None:
    account.client("events").put_events(
        Entries=[{"Source": event["source"], "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}]
    )


def test_every_pattern_is_valid(deployed: Account) -> None:
    """The emulator's CloudFormation stores what EventBridge would refuse."""
    events = deployed.client("events")
    rules = events.list_rules()["Rules"]
    assert len(rules) >= 15
    for rule in rules:
        text = events.describe_rule(Name=rule["Name"])["EventPattern"]
        assert len(text) <= 2048, rule["Name"]
        events.test_event_pattern(
            EventPattern=text,
            Event=json.dumps({"source": "x", "detail-type": "y", "detail": {}, "id": "1", "account": ACCOUNT,
                              "time": "2026-11-29T00:00:00Z", "region": REGION, "resources": []}),
        )  # fmt: skip


def test_an_opened_endpoint_is_told_in_words(deployed: Account, inbox: str) -> None:
    happen(deployed, CASES["eks-endpoint-public", "eventbridge"].fires[0])
    told = messages(deployed, inbox)
    (critical,) = [text for text in told if text.startswith('"CRITICAL')] or told
    for words in ("UpdateClusterConfig", "payments", "First" if "First" in critical else "first", "cloudtrailv2"):
        assert words in critical, critical
