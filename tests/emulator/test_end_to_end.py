"""What happens reaches people: events and log lines in, requests and messages out; what is refused is not lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks import alerts
from tests.detections.audit import ANONYMOUS, PERSON, audit
from tests.detections.eks_cases import entry, vpc
from tests.detections.events import CLOUDFORMATION, Event, made_by, role
from tests.detections.findings_cases import guardduty
from tests.emulator.conftest import Account
from tests.emulator.observing import Inbox, Receiver, drain_whole, eventually, observe, write
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
NAME, GROUP = "Detection", "/aws/eks/payments/cluster"
CREATOR = f"arn:aws:iam::{ACCOUNT}:role/payments-creator"
PAGER, TICKETS, DESK, HOOK = "events.pagerduty.com", "acme.service-now.com", "acme.zendesk.com", "alerts.example.com"
SECRETS = {
    "pager": {"routing_key": "r-key"},
    "tickets": {"username": "eks", "password": "s3cret"},
    "desk": {"email": "eks@example.com", "token": "t-1"},
    "hook": {"token": "Bearer h-1"},
}


def template(arns: dict[str, str]) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), NAME, env=cdk.Environment(account=ACCOUNT, region=REGION))
    everybody: list[hardened.AlertChannel] = [
        alerts.PagerDuty(secret=arns["pager"]),
        alerts.ServiceNow(instance="acme", secret=arns["tickets"]),
        alerts.Zendesk(subdomain="acme", secret=arns["desk"]),
        alerts.Https(f"https://{HOOK}/eks", arns["hook"]),
        alerts.Topic(stack, "Alerts"),
    ]
    hardened.Detection(
        stack,
        "Detection",
        cluster=hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments"),
        alerts=alerts.Route(critical=everybody, high=everybody[-1:]),
        trusted_automation=[CREATOR],
        trail="elsewhere",
        global_events="none",
    )
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture(scope="module")
def deployed(emulator: str) -> Account:
    account = Account(emulator)
    account.reset()
    vault = account.client("secretsmanager")
    arns = {n: vault.create_secret(Name=n, SecretString=json.dumps(v))["ARN"] for n, v in SECRETS.items()}
    account.client("logs").create_log_group(logGroupName=GROUP)
    account.deploy(NAME, template(arns))
    return account


@pytest.fixture
def inbox(deployed: Account) -> Inbox:
    return Inbox(deployed, next(t["TopicArn"] for t in deployed.client("sns").list_topics()["Topics"]))


@pytest.fixture
def receiver(deployed: Account) -> Iterator[Receiver]:
    with Receiver(deployed) as running:
        yield running


def here(event: Event) -> Event:
    """The event for the cluster that is watched."""
    return json.loads(json.dumps(event).replace('"ledger"', '"payments"'))  # type: ignore[no-any-return]


def told(inbox: Inbox, words: str) -> str:
    """Wait for a message with these words."""
    return eventually(lambda: [m["Message"] for m in inbox.messages() if words in m["Message"]])[0]  # type: ignore[no-any-return]


OPENED = here(vpc(endpointPublicAccess=True))
WHO, WHERE = OPENED["detail"]["userIdentity"]["arn"], OPENED["detail"]["sourceIPAddress"]


class TestEvents:
    def test_an_opened_endpoint_reaches_every_channel(
        self, deployed: Account, receiver: Receiver, inbox: Inbox
    ) -> None:
        observe(deployed, OPENED)
        page = receiver.wait(PAGER)[0]
        assert page.path == "/v2/enqueue"
        assert page.json["routing_key"] == "r-key"
        assert page.json["event_action"] == "trigger"
        assert page.json["payload"]["severity"] == "critical"
        ticket = receiver.wait(TICKETS)[0]
        assert ticket.path == "/api/now/table/incident"
        assert ticket.headers["authorization"] == "Basic " + base64.b64encode(b"eks:s3cret").decode()
        assert ticket.json["urgency"] == "1"
        desk = receiver.wait(DESK)[0]
        assert desk.path == "/api/v2/tickets.json"
        assert desk.headers["authorization"] == "Basic " + base64.b64encode(b"eks@example.com/token:t-1").decode()
        assert desk.json["ticket"]["priority"] == "urgent"
        hook = receiver.wait(HOOK)[0]
        assert (hook.path, hook.headers["authorization"]) == ("/eks", "Bearer h-1")
        texts = [page.body, ticket.body, desk.body, hook.body, told(inbox, "CRITICAL")]
        for text in texts:
            for part in ("developer", "alice", WHERE, "UpdateClusterConfig", "payments", "eks-endpoint-public"):
                assert part in text
        for text in (page.body, hook.body, texts[-1]):  # the others have only strings, and an ARN may hold quotes
            assert WHO in text

    def test_a_quoted_name_breaks_no_message(self, deployed: Account, receiver: Receiver, inbox: Inbox) -> None:
        """Text within a message is of fields that hold no quotes; what may hold some stands alone."""
        finding = guardduty(9, "Execution:Runtime/NewBinaryExecuted")
        finding["detail"]["title"] = 'The "curl" binary\nwas executed'
        observe(deployed, finding)
        assert receiver.wait(PAGER)[0].json["payload"]["severity"] == "critical"
        inbox.wait()
        assert [m["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"] for m in undelivered(deployed)] == []

    def test_cloudformation_of_the_creator_role_is_recorded_only(
        self, deployed: Account, receiver: Receiver, inbox: Inbox
    ) -> None:
        trusted, foreign = (
            here(made_by(entry("CreateAccessEntry"), role(arn, via=CLOUDFORMATION)))
            for arn in (CREATOR, f"arn:aws:iam::{ACCOUNT}:role/mallory")
        )
        observe(deployed, trusted)
        eventually(lambda: recorded(deployed, "payments-creator"))
        assert inbox.messages() == []
        observe(deployed, foreign)
        assert "mallory" in told(inbox, "eks-access-entry-changed")
        assert receiver.requests == []  # not critical


def recorded(account: Account, words: str) -> list[str]:
    logs = account.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    events = [e for g in groups for e in logs.filter_log_events(logGroupName=g)["events"]]
    return [event["message"] for event in events if words in event["message"]]


class TestLogs:
    def test_a_line_becomes_an_alarm_and_a_message(self, deployed: Account, receiver: Receiver, inbox: Inbox) -> None:
        write(deployed, GROUP, audit("list", "pods", who=ANONYMOUS, ips=("198.51.100.9",)))
        eventually(lambda: [r for r in receiver.of(PAGER) if "k8s-anonymous-allowed" in r.body])
        assert told(inbox, "k8s-anonymous-allowed")

    def test_the_evidence_follows(self, deployed: Account, receiver: Receiver, inbox: Inbox) -> None:
        """The alarm has no names; the message after it has: who, from where, what."""
        secret = audit("list", "secrets", who=PERSON, ips=("198.51.100.7",))
        write(deployed, GROUP, *[audit("get", "pods", "cart-1", namespace="shop")] * 3, secret)
        evidence = told(inbox, "k8s-secrets-listed-everywhere: Who, from where, what")
        for part in (PERSON, "198.51.100.7", "/api/v1/secrets"):
            assert part in evidence
        assert "cart-1" not in evidence

    def test_a_day_is_summed_up(self, deployed: Account, inbox: Inbox) -> None:
        observe(deployed, here(made_by(entry("UpdateAccessEntry"), role(CREATOR, via=CLOUDFORMATION))))
        eventually(lambda: recorded(deployed, "UpdateAccessEntry"))
        workflows = deployed.client("stepfunctions")
        (digest,) = [m for m in workflows.list_state_machines()["stateMachines"] if "igest" in m["name"]]
        workflows.start_execution(stateMachineArn=digest["stateMachineArn"], input="{}")
        summary = told(inbox, "Digest of EKS cluster payments")
        assert "UpdateAccessEntry" in summary
        assert CREATOR in summary

    def test_an_ordinary_line_is_silent(self, deployed: Account, receiver: Receiver, inbox: Inbox) -> None:
        write(deployed, GROUP, audit("list", "pods"), "no JSON at all")
        deployed.client("cloudwatch").describe_alarms()
        assert inbox.messages() == []


def queues(account: Account) -> list[str]:
    return account.client("sqs").list_queues().get("QueueUrls", [])  # type: ignore[no-any-return]


def undelivered(account: Account) -> list[dict[str, Any]]:
    sqs = account.client("sqs")
    return [m for url in queues(account) if "inbox-" not in url for m in drain_whole(sqs, url)]


class TestRefused:
    def test_a_refused_page_is_kept_and_told(self, deployed: Account, receiver: Receiver, inbox: Inbox) -> None:
        receiver.answer(PAGER, 400)
        receiver.answer(TICKETS, 503)
        observe(deployed, OPENED)
        letters: list[dict[str, Any]] = []
        wanted = OPENED["detail"]["eventID"]
        eventually(
            lambda: letters.extend(m for m in undelivered(deployed) if wanted in m["Body"]) or letters,
            lambda found: len(found) == 2,
        )
        codes = {m["MessageAttributes"]["ERROR_CODE"]["StringValue"]: m["MessageAttributes"] for m in letters}
        assert codes["TARGET_ERROR"]["RETRY_ATTEMPTS"]["StringValue"] == "10"
        assert codes["SDK_CLIENT_ERROR"]["RETRY_ATTEMPTS"]["StringValue"] == "0"
        assert len([r for r in receiver.of(TICKETS) if wanted in r.body]) == 11
        assert all(json.loads(m["Body"])["detail"] == OPENED["detail"] for m in letters)
        assert told(inbox, "deliver")
