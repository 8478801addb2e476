"""What each vendor gets, from events that hold quotes, line breaks and nothing, against the vendor's own shape."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsonschema
import pytest
from constructs import Construct

from hardened_eks.alerts import AlertChannel, Email, Https, PagerDuty, Sender, ServiceNow, Slack, Teams, Topic, Zendesk
from hardened_eks.alerts._reports import REPORT_SOURCE, REPORT_TYPE, send_reports
from hardened_eks.errors import ConfigurationError
from hardened_eks.severity import Severity
from tests.alerts.transformer import apply

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pager-AbCdEf"
NASTY = 'kubectl "\\evil\\" \n\t{"severity":"low"} <b> é'
PATH = 'a"b\\'
"""Part of a user's path, in which IAM allows quotes and backslashes."""
UUID = "12345678-90ab-cdef-1234-567890abcdef"
RULE_NAME = "Payments-Rule1A2B"

CHANNELS: dict[str, AlertChannel] = {
    "pagerduty": PagerDuty(secret=SECRET),
    "servicenow_incident": ServiceNow(instance="acme", secret=SECRET),
    "servicenow_event": ServiceNow(instance="acme", secret=SECRET, event_management=True),
    "zendesk": Zendesk(subdomain="acme", secret=SECRET),
    "https": Https("https://alerts.example.com/eks", SECRET),
    "slack": Slack(workspace_id="T0123ABCD", channel_id="C0123ABCD"),
    "teams": Teams(tenant_id=UUID, team_id=UUID, channel_id="19:ab12@thread.tacv2"),
}
SHAPES = {"slack": "chat", "teams": "chat"}

CALL = Sender(
    service="events.amazonaws.com",
    arn="arn:aws:events:eu-west-1:123456789012:rule/r",
    severity=Severity.HIGH,
    title="EKS changed by hand",
    text="<who> called <call> on <cluster> from <where> with <agent> at <when>.",
    fields={
        "who": "$.detail.userIdentity.arn", "call": "$.detail.eventName", "cluster": "$.detail.requestParameters.name",
        "where": "$.detail.sourceIPAddress", "agent": "$.detail.userAgent", "when": "$.time",
    },
    key="cluster",
    first='Ask "why" in #ops.',
)  # fmt: skip
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "1a2b",
    "detail-type": "AWS API Call via CloudTrail",
    "source": "aws.eks",
    "account": "123456789012",
    "time": "2026-11-29T08:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {
        "eventName": "UpdateClusterConfig",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": NASTY,
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE0000000000",
            "arn": f"arn:aws:iam::123456789012:user/{PATH}/ana",
            "userName": "ana",
        },
        "requestParameters": {"name": "payments"},
    },
}
# Root has no session, a refused call no parameters.
BARE = {**EVENT, "detail": {"eventName": "CreateCluster", "requestParameters": None, "userIdentity": {"type": "Root"}}}
SILENT = Sender(service=CALL.service, arn=CALL.arn)
ALARM = Sender(
    service="cloudwatch.amazonaws.com",
    arn="arn:aws:cloudwatch:eu-west-1:123456789012:alarm:surge",
    severity=Severity.CRITICAL,
    title="Audit log is silent",
    first="Look whether logging is on.",
)
STATE: dict[str, Any] = {
    **EVENT,
    "detail-type": "CloudWatch Alarm State Change",
    "source": "aws.cloudwatch",
    "resources": [ALARM.arn],
    "detail": {
        "alarmName": 'surge "401"',
        "state": {
            "value": "ALARM",
            "reason": f"Threshold Crossed: {NASTY}",
            "timestamp": "2026-11-29T08:00:00.000+0000",
        },
        "configuration": {"description": NASTY, "metrics": []},
    },
}


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Payloads")


def sent(stack: cdk.Stack, name: str, sender: Sender, event: dict[str, Any], *, escaping: bool) -> dict[str, Any]:
    """Return the body that a vendor gets for an event of a rule."""
    (target,) = CHANNELS[name].connect(stack, sender)
    return rendered(name, target.properties["inputTransformer"], event, escaping=escaping)


def rendered(name: str, transformer: Any, event: dict[str, Any], *, escaping: bool = False) -> dict[str, Any]:
    spelled = {"InputTemplate": transformer["inputTemplate"], "InputPathsMap": transformer.get("inputPathsMap", {})}
    body: dict[str, Any] = json.loads(apply(spelled, event, escaping=escaping))
    if name == "pagerduty":
        body["routing_key"] = "r" * 32  # the connection adds it
    shape = Path(__file__).parent / "schemas" / f"{SHAPES.get(name, name)}.json"
    if name != "https":
        jsonschema.validate(body, json.loads(shape.read_text()))
    return body


def rules(stack: cdk.Stack, scope: Construct) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        stack.resolve(child.targets)[0] | {"pattern": stack.resolve(child.event_pattern)}
        for child in scope.node.children
        if isinstance(child, cdk.aws_events.CfnRule)
    ]
    return found


@pytest.mark.parametrize("escaping", [False, True], ids=["as documented", "as reported"])
@pytest.mark.parametrize("name", CHANNELS)
class TestEveryVendor:
    def test_takes_a_call_with_a_hostile_user_agent(self, stack: cdk.Stack, name: str, escaping: bool) -> None:
        body = sent(stack, name, CALL, EVENT, escaping=escaping)
        written = json.dumps(body, ensure_ascii=False)
        caller = "IAMUser ana (AIDAEXAMPLE0000000000)"
        assert f"{caller} called UpdateClusterConfig on payments from 203.0.113.7" in written
        assert "EKS changed by hand" in written and "payments" in written

    def test_takes_an_event_that_lacks_the_fields(self, stack: cdk.Stack, name: str, escaping: bool) -> None:
        assert "CreateCluster" in json.dumps(sent(stack, name, CALL, BARE, escaping=escaping))

    def test_takes_an_event_without_words(self, stack: cdk.Stack, name: str, escaping: bool) -> None:
        assert f"An event matched the rule {RULE_NAME}." in json.dumps(
            sent(stack, name, SILENT, EVENT, escaping=escaping)
        )

    def test_takes_a_report_of_many_lines(self, stack: cdk.Stack, name: str, escaping: bool) -> None:
        sender = replace(CALL, title="<title>", text="<text>", key="key", first="", fields={
            name: f"$.detail.{name}" for name in ("title", "text", "key", "cluster")
        })  # fmt: skip
        detail = {"title": f"Digest {NASTY}"[:60], "text": f"a\nb {NASTY}", "key": "k", "cluster": "payments"}
        report = {**EVENT, "source": REPORT_SOURCE, "detail-type": REPORT_TYPE, "detail": detail}
        body = sent(stack, name, sender, report, escaping=escaping)
        texts = list(strings(body))
        assert detail["text"] in texts and detail["title"] in texts


def strings(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)


API_DESTINATIONS = ["pagerduty", "servicenow_incident", "https"]


def test_a_value_with_quotes_reaches_those_who_can_show_it(stack: cdk.Stack) -> None:
    for name in ("pagerduty", "https", "slack", "teams"):
        assert NASTY in list(strings(sent(stack, name, CALL, EVENT, escaping=False))), name
    (target,) = CHANNELS["zendesk"].connect(stack, CALL)
    assert "(agent: see details)" in target.properties["inputTransformer"]["inputTemplate"]


@pytest.mark.parametrize(
    ("region", "domain", "channels"),
    [
        ("eu-west-1", "console.aws.amazon.com", [*API_DESTINATIONS, "slack"]),
        ("us-gov-west-1", "console.amazonaws-us-gov.com", []),
        ("cn-north-1", "console.amazonaws.cn", API_DESTINATIONS),
        ("eusc-de-east-1", "console.amazonaws-eusc.eu", [*API_DESTINATIONS, "slack"]),
    ],
)
def test_links_lead_to_the_console_of_the_partition(region: str, domain: str, channels: list[str]) -> None:
    """Another partition's console refuses the reader's credentials."""
    scope = cdk.Stack(cdk.App(), "There", env=cdk.Environment(region=region, account="123456789012"))
    place = f"https://<region>.{domain}/cloudtrailv2/"
    linked = replace(CALL, link="https://<region>.console.aws.amazon.com/cloudtrailv2/home")
    for channel in (*(CHANNELS[name] for name in channels), Email("a@b.example")):
        (target,) = channel.connect(scope, CALL)
        assert place in target.properties["inputTransformer"]["inputTemplate"], channel
    (target,) = Topic(scope, "Topic").connect(scope, linked)
    assert place in target.properties["inputTransformer"]["inputTemplate"]
    own = replace(CALL, link="https://wiki.example.com/https://<region>.console.aws.amazon.com/x")
    (target,) = (CHANNELS["pagerduty"] if channels else Email("a@b.example")).connect(scope, own)
    assert "wiki.example.com/https://<region>.console.aws.amazon.com/x" in str(target.properties)


class TestPagerDuty:
    def test_an_incident(self, stack: cdk.Stack) -> None:
        body = sent(stack, "pagerduty", CALL, EVENT, escaping=False)
        assert (body["event_action"], body["dedup_key"]) == ("trigger", f"payments/{RULE_NAME}")
        assert (body["payload"]["severity"], body["payload"]["source"]) == ("error", "eks payments")
        assert body["payload"]["summary"].startswith("IAMUser ana (AIDAEXAMPLE0000000000) called UpdateClusterConfig")
        assert body["payload"]["custom_details"]["who"] == EVENT["detail"]["userIdentity"]["arn"]
        assert body["payload"]["custom_details"]["first"] == 'Ask "why" in #ops.'
        assert body["payload"]["custom_details"]["event"] == EVENT
        assert body["links"][0]["href"].startswith("https://eu-west-1.console.aws.amazon.com/cloudtrailv2/")

    @pytest.mark.parametrize(
        ("severity", "theirs"),
        list(zip([*Severity, None], ["critical", "error", "warning", "info", "error"], strict=True)),
    )
    def test_severities(self, stack: cdk.Stack, severity: Severity | None, theirs: str) -> None:
        body = sent(stack, "pagerduty", replace(CALL, severity=severity), EVENT, escaping=False)
        assert body["payload"]["severity"] == theirs

    def test_the_incident_of_an_alarm_is_resolved_under_the_same_key(self, stack: cdk.Stack) -> None:
        scope = Construct(stack, "PagerAlarm")
        assert list(CHANNELS["pagerduty"].connect(scope, replace(ALARM, also=("arn:of:another",)))) == []
        on, off = rules(stack, scope)
        assert on["pattern"]["resources"] == [ALARM.arn, "arn:of:another"]
        assert [rule["pattern"]["detail"]["state"]["value"] for rule in (on, off)] == [["ALARM"], ["OK"]]
        opened, closed = (rendered("pagerduty", rule["inputTransformer"], STATE) for rule in (on, off))
        assert (opened["event_action"], closed["event_action"]) == ("trigger", "resolve")
        assert opened["dedup_key"] == closed["dedup_key"] == STATE["detail"]["alarmName"]
        assert opened["payload"]["summary"] == "Audit log is silent"
        assert opened["payload"]["custom_details"]["reason"] == STATE["detail"]["state"]["reason"]
        for rule in (on, off):
            assert rule["retryPolicy"]["maximumEventAgeInSeconds"] == 3600 and rule["deadLetterConfig"]["arn"]

    def test_the_incident_of_an_alarm_on_events_waits_for_people(self, stack: cdk.Stack) -> None:
        """It is OK again a minute after an attack. If that resolved the incident, nobody would be called any more."""
        scope = Construct(stack, "PagerLines")
        CHANNELS["pagerduty"].connect(scope, replace(ALARM, resolves=False))
        (on,) = rules(stack, scope)
        assert on["pattern"]["detail"]["state"]["value"] == ["ALARM"]
        first, again = (rendered("pagerduty", on["inputTransformer"], {**STATE, "id": id_}) for id_ in ("1a2b", "3c4d"))
        assert (first["event_action"], first["dedup_key"], again["dedup_key"]) == ("trigger", "1a2b", "3c4d")

    def test_another_caller_or_address_is_another_incident(self, stack: cdk.Stack) -> None:
        """PagerDuty notifies nobody of a repeat, so an attack must not be one of a colleague's call."""
        sender = replace(CALL, key=("call", "who", "where"))
        other = {"type": "IAMUser", "principalId": "AIDAEXAMPLE9999999999", "arn": "arn:aws:iam::123456789012:user/eve"}
        keys = [
            sent(stack, "pagerduty", sender, {**EVENT, "id": id_, "detail": {**EVENT["detail"], **more}},
                 escaping=False)["dedup_key"]
            for id_, more in (
                ("1", {}), ("2", {}), ("3", {"userIdentity": other}), ("4", {"sourceIPAddress": "198.51.100.9"}),
                ("5", {"eventName": "DeleteCluster"}),
            )
        ]  # fmt: skip
        assert keys[0] == keys[1] == f"UpdateClusterConfig/AIDAEXAMPLE0000000000/203.0.113.7/{RULE_NAME}"
        assert len(set(keys)) == 4


class TestServiceNow:
    def test_an_incident(self, stack: cdk.Stack) -> None:
        body = sent(stack, "servicenow_incident", CALL, EVENT, escaping=False)
        assert (body["impact"], body["urgency"], body["category"]) == ("1", "1", "security")
        assert body["correlation_id"] == f"payments/{RULE_NAME}"
        assert body["work_notes"] == 'Ask "why" in #ops.'

    def test_an_event_is_cleared_when_the_alarm_is_over(self, stack: cdk.Stack) -> None:
        scope = Construct(stack, "NowAlarm")
        CHANNELS["servicenow_event"].connect(scope, ALARM)
        on, off = (rendered("servicenow_event", rule["inputTransformer"], STATE) for rule in rules(stack, scope))
        assert (on["severity"], off["severity"]) == ("1", "0")
        assert on["message_key"] == off["message_key"] == STATE["detail"]["alarmName"]

    def test_an_event_of_an_alarm_on_events_is_not_cleared(self, stack: cdk.Stack) -> None:
        scope = Construct(stack, "NowLines")
        CHANNELS["servicenow_event"].connect(scope, replace(ALARM, resolves=False))
        (on,) = rules(stack, scope)
        assert rendered("servicenow_event", on["inputTransformer"], STATE)["message_key"] == STATE["id"]

    def test_an_incident_is_opened_for_an_alarm(self, stack: cdk.Stack) -> None:
        scope = Construct(stack, "NowIncident")
        CHANNELS["servicenow_incident"].connect(scope, ALARM)
        (on,) = rules(stack, scope)
        body = rendered("servicenow_incident", on["inputTransformer"], STATE)
        assert (body["description"], body["work_notes"]) == (NASTY, ALARM.first), "severity, first step and runbook"
        scope = Construct(stack, "NowReason")
        CHANNELS["servicenow_incident"].connect(scope, replace(ALARM, first=""))
        (on,) = rules(stack, scope)
        noted = rendered("servicenow_incident", on["inputTransformer"], STATE)["work_notes"]
        assert noted == STATE["detail"]["state"]["reason"]


class TestZendesk:
    def test_a_ticket(self, stack: cdk.Stack) -> None:
        ticket = sent(stack, "zendesk", CALL, EVENT, escaping=False)["ticket"]
        assert (ticket["priority"], ticket["tags"]) == ("high", ["hardened_eks", "high"])
        assert ticket["comment"]["public"] is False
        _, first, link = ticket["comment"]["body"].split("\n\n")
        assert first == 'First: Ask "why" in #ops.' and link.startswith("https://eu-west-1.console.aws.amazon.com/")
        scope = Construct(stack, "ZendeskAlarm")
        CHANNELS["zendesk"].connect(scope, ALARM)
        (on,) = rules(stack, scope)
        ticket = rendered("zendesk", on["inputTransformer"], STATE)["ticket"]
        assert (ticket["priority"], ticket["comment"]["body"]) == ("urgent", NASTY)


class TestHttps:
    def test_everything_by_default(self, stack: cdk.Stack) -> None:
        body = sent(stack, "https", CALL, EVENT, escaping=False)
        assert body["event"] == EVENT and body["severity"] == "high"
        assert body["details"]["agent"] == NASTY
        assert (body["title"], body["first"]) == ("EKS changed by hand", 'Ask "why" in #ops.')

    def test_a_body_of_ones_own(self, stack: cdk.Stack) -> None:
        channel = Https("https://a.example.com", SECRET, body={"a": ["<title>", 1], "b": {"c": "<details>"}, "d": 'q"'})
        (target,) = channel.connect(stack, CALL)
        body = rendered("https", target.properties["inputTransformer"], EVENT)
        assert body["a"] == ["EKS changed by hand", 1] and body["b"]["c"]["agent"] == NASTY and body["d"] == 'q"'

    def test_an_alarm_tells_both_states(self, stack: cdk.Stack) -> None:
        scope = Construct(stack, "HttpsAlarm")
        CHANNELS["https"].connect(scope, ALARM)
        states = [
            rendered("https", rule["inputTransformer"], STATE)["details"]["state"] for rule in rules(stack, scope)
        ]
        assert states == ["ALARM", "ALARM"]  # the event's own


class TestChat:
    def test_a_notification(self, stack: cdk.Stack) -> None:
        body = sent(stack, "slack", CALL, EVENT, escaping=False)
        assert body["content"]["nextSteps"][0] == 'Ask "why" in #ops.'
        assert body["content"]["keywords"] == ["high", NASTY]
        assert body["metadata"]["threadId"] == f"payments/{RULE_NAME}"

    def test_an_alarm_keeps_its_own_form_which_the_chat_knows(self, stack: cdk.Stack) -> None:
        (target,) = CHANNELS["teams"].connect(stack, ALARM)
        assert target.properties == {}


def test_a_name_that_is_no_field_is_refused(stack: cdk.Stack) -> None:
    wrong = replace(CALL, text="<who> <nobody>", key="nothing")
    with pytest.raises(ConfigurationError) as caught:
        CHANNELS["pagerduty"].connect(stack, wrong)
    undefined, key = caught.value.problems
    assert "<nobody> is not one of its fields (agent, call, cluster" in undefined and "got 'nothing'" in key
    with pytest.raises(ConfigurationError, match="key has the fields call, agent: the values of agent may have quotes"):
        CHANNELS["pagerduty"].connect(stack, replace(CALL, key=("call", "agent")))
    with pytest.raises(ConfigurationError, match="the template has 8[0-9]{3} characters, EventBridge allows 8192"):
        CHANNELS["zendesk"].connect(stack, replace(CALL, text="x" * 8000))


def test_the_reports_of_a_state_machine_reach_every_vendor() -> None:
    stack = cdk.Stack(cdk.App(), "Reports")
    for name, channel in CHANNELS.items():
        scope = Construct(stack, f"For{name}")
        send_reports(scope, cluster="payments", channel=channel)
        detail = {"title": "Node quarantined", "text": 'a\n"b"', "key": "i-1", "cluster": "payments", "detection": ""}
        for rule in rules(stack, scope):
            assert 'a\n"b"' in list(strings(rendered(name, rule["inputTransformer"], {**EVENT, "detail": detail})))
