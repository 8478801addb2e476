"""A channel with mistakes is refused before anything is made, with all of them and what to pass instead."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match

from hardened_eks.alerts import Email, EventBus, Https, PagerDuty, Route, ServiceNow, Slack, Sms, Teams, Topic, Zendesk
from hardened_eks.alerts import several
from hardened_eks.alerts._combined import unseen_key_problems
from hardened_eks.errors import ConfigurationError
from hardened_eks.severity import Severity
from tests.alerts.built import send
from tests.alerts.test_payloads import CALL

SECRET: Any = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pager-AbCdEf"
UUID = "12345678-90ab-cdef-1234-567890abcdef"
# What is called -> (the call, of each mistake: what the error says about it).
MISTAKES: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "no address": (lambda: Email(), ["addresses needs one e-mail address or more, got none"]),
    "addresses": (
        lambda: Email("ana", "a@b", "a b@c.de", "a@c.de>", "a@c.de", "a@c.de", 1, encryption_key="k"),  # type: ignore[arg-type]
        ["got 'ana'", "got 'a@b'", "got 'a b@c.de'", "got 'a@c.de>'", "names 'a@c.de' twice", "got 1",
         "encryption_key needs a KMS key"],
    ),
    "no number": (lambda: Sms(), ["numbers needs one telephone number or more, got none"]),
    "numbers": (
        lambda: Sms("0151 123", "4915112345678", "+49 151 1", "+0123456789", "+1234567890123456", "+4915112345678",
                    "+4915112345678"),
        ["got '0151 123'", "got '4915112345678'", "got '+49 151 1'", "got '+0123456789'", "got '+1234567890123456'",
         "names '+4915112345678' twice"],
    ),
    "Slack": (
        lambda: Slack(workspace_id="acme", channel_id="#alerts"),
        ["workspace_id needs an ID such as T0123ABCD, got 'acme'", "channel_id needs an ID such as C0123ABCD, not a name"],
    ),
    "Slack, the other way round": (
        lambda: Slack(workspace_id="C0123ABCD", channel_id="T0123ABCD"),
        ["workspace_id", "channel_id"],
    ),
    "Teams": (
        lambda: Teams(tenant_id="acme", team_id="12345678", channel_id="General"),
        ["tenant_id needs a UUID", "team_id needs a UUID", "channel_id needs an ID such as 19%3aab12%40thread.tacv2"],
    ),
    "PagerDuty": (
        lambda: PagerDuty(secret=None, field="a b", service_region="ap"),  # type: ignore[arg-type]
        ["secret needs a secret", "field needs the name of a key", "service_region needs one of us, eu, got 'ap'"],
    ),
    "ServiceNow": (
        lambda: ServiceNow(instance="https://acme.service-now.com", secret=1, oauth="yes", event_management=None),  # type: ignore[arg-type]
        ["instance needs the name of the instance alone", "secret needs a secret (aws_secretsmanager.ISecret), got 1",
         "oauth needs True or False", "event_management needs True or False"],
    ),
    "Zendesk": (
        lambda: Zendesk(subdomain="acme.zendesk.com", secret="x"),
        ["subdomain needs the subdomain alone", "secret needs a secret of Secrets Manager"],
    ),
    "HTTPS": (
        lambda: Https("http://alerts.example.com", SECRET, header="X: y", field="", body={"a": "see <title>!"}),
        ["url needs https, got 'http://alerts.example.com'", "header needs the name of an HTTP header", "field needs",
         "body has 'see <title>!'"],
    ),
    "HTTPS, body": (
        lambda: Https("ftp://x", SECRET, body={"a": {1, 2}}),
        ["url needs an HTTPS URL such as", "body needs an object of JSON"],
    ),
    "HTTPS, unknown place": (lambda: Https("https://a.de", SECRET, body={"a": "<who>"}), ["body has '<who>'"]),
    "HTTPS, list": (lambda: Https("https://a.de", SECRET, body=["x"]), ["body needs an object of JSON"]),  # type: ignore[arg-type]
    "event bus": (
        lambda: EventBus("arn:aws:sns:eu-west-1:123456789012:bus"),
        ["arn needs the ARN of an event bus such as arn:aws:events:eu-west-1:111122223333:event-bus/security"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_all_mistakes_at_once(name: str) -> None:
    call, expected = MISTAKES[name]
    with pytest.raises(ConfigurationError) as caught:
        call()
    assert len(caught.value.problems) == len(expected), caught.value.problems
    for problem, text in zip(caught.value.problems, expected, strict=True):
        assert text in problem


@pytest.mark.parametrize("text", ["R0UTINGKEY0123456789ABCDEF012345", "arn:aws:secretsmanager:eu-west-1:1:secret:x"])
def test_what_may_be_a_secret_is_not_printed(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"create a secret, and pass aws_secretsmanager\.Secret") as caught:
        PagerDuty(secret=text)
    assert text not in str(caught.value)


def test_what_is_known_at_deployment_alone_passes() -> None:
    value: Any = cdk.Fn.import_value("x")
    Email(value)
    Sms(value)
    Slack(workspace_id=value, channel_id=value)
    Teams(tenant_id=value, team_id=value, channel_id=value)
    Https(value, value)
    EventBus(value)
    ServiceNow(instance=value, secret=value)


@pytest.mark.parametrize(
    "channel",
    ["19%3aab12%40thread.tacv2", "19%3Aab12_x-Y%40thread.tacv2", "19:ab12@thread.tacv2", "19:ab12@thread.skype"],
)
def test_ids_of_teams_in_both_spellings(channel: str) -> None:
    Teams(tenant_id=UUID, team_id=UUID, channel_id=channel)


def test_good_addresses() -> None:
    Email("on-call+eks@example.co.uk", "o'neill@sub.example.com")
    Sms("+1234567", "+123456789012345")
    Https("https://alerts.example.com:8443/a/b?c=d&e=f", SECRET)


def test_an_unknown_severity_of_a_sender() -> None:
    severity: Any = "urgent"
    with pytest.raises(ConfigurationError, match="severity needs one of critical, high, medium, low or None, got 'urg"):
        replace(CALL, severity=severity)
    text: Any = "high"
    assert replace(CALL, severity=text).severity is Severity.HIGH


def test_channels_of_channels_that_come_to_more_than_a_rule_has() -> None:
    stack = cdk.Stack(cdk.App(), "Many")
    mails = [Email(f"{number}@example.com") for number in range(6)]
    many = several(several(*mails[:3]), several(*mails[3:]))
    with pytest.raises(ConfigurationError, match=r"have 6 targets \(Email, Email2, Email3, .*can have 5: leave some"):
        send(stack, many)


class TestKeyThatCannotBeSeen:
    def test_is_told_wherever_the_topic_is(self) -> None:
        stack = cdk.Stack(cdk.App(), "Keys")
        blind = sns.Topic.from_topic_arn(stack, "Blind", "arn:aws:sns:eu-west-1:123456789012:a")
        own = Topic(stack, "Own")
        for channel in (blind, several(own, blind), Route(critical=[own], high=[several(blind)])):
            (problem,) = set(unseen_key_problems(alerts=channel))
            assert "alerts has the topic Keys/Blind, whose key cannot be seen" in problem and "key_arn" in problem

    def test_is_a_warning_where_a_rule_is_connected(self) -> None:
        stack = cdk.Stack(cdk.App(), "Keys")
        send(stack, several(sns.Topic.from_topic_arn(stack, "Blind", "arn:aws:sns:eu-west-1:123456789012:a")))
        warnings = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("key cannot be seen"))
        assert len(warnings) == 1

    def test_the_key_of_aws_is_refused(self) -> None:
        stack = cdk.Stack(cdk.App(), "Keys")
        key = kms.Alias.from_alias_name(stack, "Key", "alias/aws/sns")
        made = sns.Topic(stack, "Made", master_key=key)
        raw = sns.Topic(stack, "Raw")
        raw.node.default_child.kms_master_key_id = "alias/aws/sns"  # type: ignore[union-attr]
        for topic in (made, raw):
            (problem,) = unseen_key_problems(alerts=several(topic, Topic(stack, f"Own{topic.node.id}")))
            assert f"topic Keys/{topic.node.id}, which is encrypted with alias/aws/sns" in problem

    def test_is_not_told_where_it_is_known(self) -> None:
        stack = cdk.Stack(cdk.App(), "Keys")
        arn = "arn:aws:kms:eu-west-1:123456789012:key/1"
        seen = sns.Topic.from_topic_attributes(
            stack, "Seen", topic_arn="arn:aws:sns:eu-west-1:123456789012:a", key_arn=arn
        )
        made = sns.Topic(stack, "Made", master_key=kms.Key.from_key_arn(stack, "Key", arn))
        mail = Email("a@example.com")
        assert list(unseen_key_problems(alerts=several(seen, made, Topic(stack, "Own"), mail))) == []
