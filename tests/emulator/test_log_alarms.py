"""The choice evidence="log-alarm": the notification itself has the lines, and no state machine runs."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.detections import Source
from tests.detections.test_events import CASES
from tests.emulator.conftest import Account
from tests.emulator.observing import Inbox, eventually, write
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
GROUP = "/aws/eks/payments/cluster"


@pytest.fixture(scope="module")
def watching(emulator: str) -> Account:
    stack = cdk.Stack(cdk.App(), "LogAlarms", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    topic = hardened.alerts.Topic(stack, "Alerts")
    hardened.Detection(stack, "Detection", cluster=cluster, alerts=topic, trail="elsewhere", evidence="log-alarm")
    account = Account(emulator)
    account.reset()
    account.client("logs").create_log_group(logGroupName=GROUP)
    account.deploy("LogAlarms", Template.from_stack(stack).to_json())
    return account


@pytest.mark.parametrize("id_", ["k8s-cluster-admin-bound", "k8s-secret-read-by-person", "k8s-exec-kube-system"])
def test_a_line_is_in_the_message(watching: Account, id_: str) -> None:
    (topic,) = [t["TopicArn"] for t in watching.client("sns").list_topics()["Topics"]]
    inbox, case = Inbox(watching, topic), CASES[id_, Source.AUDIT_LOG]
    near = [line for line in case.silent if json.loads(line)["stage"] == "ResponseComplete"][:2]
    assert near
    write(watching, GROUP, *near)
    assert inbox.saying(f"({id_})") == []
    write(watching, GROUP, case.fires[0])
    (told,) = eventually(lambda: inbox.saying(f"({id_})"))
    record = json.loads(case.fires[0])
    for part in ("Threshold Crossed", record["user"]["username"], record["sourceIPs"][0], record["verb"]):
        assert part in told


def test_metrics_are_left_where_they_count(watching: Account) -> None:
    alarms = watching.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {a["MetricName"] for a in alarms if a["MetricName"].startswith("k8s-")} == {
        "k8s-forbidden",
        "k8s-unauthorized",
    }
