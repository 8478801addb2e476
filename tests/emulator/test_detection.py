"""A detection, created by a CloudFormation engine: what happens reaches a channel."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.detections import Source
from tests.detections.events import TRUSTED, made_by
from tests.detections.test_events import CASES
from tests.emulator.conftest import Account
from tests.emulator.observing import Inbox, eventually, observe, write
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deploy"
GROUP, TRAIL = "/aws/eks/payments/cluster", "/aws/cloudtrail/org"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Detection", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    topic = hardened.alerts.Topic(stack, "Alerts")
    hardened.Detection(
        stack, "Detection", cluster=cluster, alerts=topic, trusted_automation=[DEPLOYER], level="full",
        trail=logs.LogGroup.from_log_group_name(stack, "Trail", TRAIL),
    )  # fmt: skip
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture(scope="module")
def deployed(emulator: str, template: dict[str, Any]) -> Account:
    account = Account(emulator)
    account.reset()
    for name in (GROUP, TRAIL):
        account.client("logs").create_log_group(logGroupName=name)
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


def test_the_alarm_is_followed_by_who_it_was(deployed: Account, inbox: Inbox) -> None:
    """Alarm, event of its state, state machine, query, report, message: user, address, object and time."""
    line = CASES["k8s-cluster-admin-bound", Source.AUDIT_LOG].fires[0]
    record = json.loads(line)
    write(deployed, GROUP, line, CASES["k8s-cluster-admin-bound", Source.AUDIT_LOG].silent[-1])
    (told,) = eventually(lambda: inbox.saying("k8s-cluster-admin-bound: Who, from where, what:"), seconds=30)
    assert told.startswith('"CRITICAL: ') and "EKS cluster payments" in told
    for part in (record["user"]["username"], record["sourceIPs"][0], record["verb"], record["requestURI"]):
        assert part in told
    assert "podtemplates" not in told, "the query names what fired, and nothing beside it"


def test_what_wakes_nobody_is_in_the_digest_of_the_day(deployed: Account, inbox: Inbox) -> None:
    """A deployment by trusted automation: no page, a line in the digest's log, one message a day."""
    event = json.loads(json.dumps(made_by(CASES["eks-access-entry-changed", Source.EVENTBRIDGE].fires[0], TRUSTED)))
    event["detail"]["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] = DEPLOYER
    group = next(
        g["logGroupName"]
        for g in deployed.client("logs").describe_log_groups(logGroupNamePrefix="/aws/events/")["logGroups"]
    )
    before = len(inbox.messages())
    observe(deployed, event)
    eventually(lambda: deployed.client("logs").describe_log_streams(logGroupName=group)["logStreams"])
    states = deployed.client("stepfunctions")
    (machine,) = [m for m in states.list_state_machines()["stateMachines"] if "-Digest-" in m["name"]]
    states.start_execution(stateMachineArn=machine["stateMachineArn"], input="{}")
    (told,) = eventually(lambda: inbox.saying("Digest of EKS cluster payments"), seconds=30)
    assert len(inbox.messages()) == before + 1
    for part in (event["detail"]["eventName"], DEPLOYER, "through: cloudformation.amazonaws.com", "number: 1"):
        assert part in told


def test_global_events_are_seen_in_the_log_of_the_trail(deployed: Account, inbox: Inbox) -> None:
    """IAM's calls are events of us-east-1 only; the trail's log group has them in the cluster's Region."""
    line = CASES["organization-changed", Source.TRAIL_LOG].fires[0]
    near = CASES["s3-policy-changed", Source.TRAIL_LOG].silent[:2]
    write(deployed, TRAIL, line, *near, stream="1_CloudTrail_us-east-1")
    told = eventually(lambda: inbox.saying("organization-changed"))
    assert "The AWS organization was changed" in told[0]
    assert inbox.saying("s3-policy-changed") == []


def test_a_surge_of_failed_sign_ins_needs_five(deployed: Account, inbox: Inbox) -> None:
    line = CASES["console-login-failed", Source.TRAIL_LOG].fires[0]
    write(deployed, TRAIL, *[line] * 4, stream="1_CloudTrail_us-east-1")
    (alarm,) = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix="Detection-ConsoleLoginFailed")[
        "MetricAlarms"
    ]
    assert alarm["StateValue"] != "ALARM"
    write(deployed, TRAIL, line, stream="1_CloudTrail_us-east-1")
    assert eventually(lambda: inbox.saying("console-login-failed"))
