"""Channels: each has one method, and all that send alerts can use any of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk.assertions import Annotations, Match, Template
from constructs import Construct

import hardened_eks as hardened
from hardened_eks.alerts import AlertChannel, Email, Route, Sender, Target, Topic, nobody, several
from hardened_eks.alerts._channel import apart
from hardened_eks.alerts._topic import PrivateTopic
from hardened_eks.errors import ConfigurationError
from hardened_eks.severity import Severity
from hardened_eks.testing import assert_hardened
from tests.alerts.built import ALL

USER = "arn:aws:iam::123456789012:user/on-call"
RULE = Sender(service="events.amazonaws.com", arn="arn:aws:events:eu-west-1:123456789012:rule/r")
ALARM = Sender(service="cloudwatch.amazonaws.com", arn="arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a")


@pytest.fixture
def stack() -> cdk.Stack:
    stack = cdk.Stack(cdk.App(), "Alerts")
    cdk.Tags.of(stack).add("application", "payments")
    return stack


@dataclass
class Pager:
    """A channel of somebody's own, that tells rules and alarms apart as an API destination must."""

    asked: list[tuple[str, Sender]]

    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        self.asked.append((scope.node.path, sender))
        if sender.service == "cloudwatch.amazonaws.com":
            return []  # an alarm cannot send to it: it would make a rule on the alarm's state here
        return [Target(id="Pager", arn="arn:aws:events:eu-west-1:123456789012:api-destination/x", properties={"a": 1})]


def statements(template: Template, kind: str, document: str) -> list[dict[str, Any]]:
    (resource,) = template.find_resources(kind).values()
    found: list[dict[str, Any]] = resource["Properties"][document]["Statement"]
    return found


@pytest.fixture(scope="module")
def template() -> Template:
    stack = cdk.Stack(cdk.App(), "Alerts")
    Topic(stack, "Alerts")
    return Template.from_stack(stack)


class TestTopic:
    def test_rules_and_alarms_of_the_account_may_publish_over_tls(self, template: Template) -> None:
        rules, alarms, tls = statements(template, "AWS::SNS::TopicPolicy", "PolicyDocument")
        assert rules["Principal"] == {"Service": "events.amazonaws.com"}
        assert "Condition" not in rules, "no condition holds for EventBridge: it does not tell SNS its source"
        assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert alarms["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Join"][1][-1] == ":alarm:*"
        assert {one["Action"] for one in (rules, alarms, tls)} == {"sns:Publish"}
        assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})

    def test_its_key_admits_both_services(self, template: Template) -> None:
        """EventBridge says no source to KMS: a condition on it would silence every rule."""
        allowed = [
            one for one in statements(template, "AWS::KMS::Key", "KeyPolicy") if "Service" in one.get("Principal", {})
        ]
        by_service = {
            service: one for one in allowed for service in [one["Principal"]["Service"]] if isinstance(service, str)
        }
        assert "Condition" not in by_service["events.amazonaws.com"]
        assert any("cloudwatch.amazonaws.com" in one["Principal"]["Service"] for one in allowed)
        for one in allowed:
            assert one["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        (topic,) = template.find_resources("AWS::SNS::Topic").values()
        assert topic["Properties"]["KmsMasterKeyId"]["Fn::GetAtt"][0] in template.find_resources("AWS::KMS::Key")

    def test_a_key_of_yours(self, stack: cdk.Stack) -> None:
        key = kms.Key.from_key_arn(stack, "Mine", "arn:aws:kms:eu-west-1:123456789012:key/1")
        topic = Topic(stack, "Alerts", encryption_key=key)
        assert topic.resource.kms_master_key_id == key.key_arn
        assert topic.node.try_find_child("Keys") is None

    def test_the_catalogue_finds_nothing_where_a_rule_and_an_alarm_use_it(self, stack: cdk.Stack) -> None:
        topic = Topic(stack, "Alerts")
        (target,) = topic.connect(stack, RULE)
        (action,) = topic.connect(stack, ALARM)
        dead = {"deadLetterConfig": {"arn": "arn:aws:sqs:eu-west-1:123456789012:dead"}}
        events.CfnRule(
            stack,
            "Rule",
            event_pattern={"source": ["aws.eks"]},
            targets=[{"id": target.id, "arn": target.arn, **dead}],
        )
        cloudwatch.CfnAlarm(
            stack, "Alarm", comparison_operator="GreaterThanThreshold", evaluation_periods=1, metric_name="m",
            namespace="n", period=60, statistic="Sum", threshold=1, alarm_actions=[action.arn],
        )  # fmt: skip
        assert_hardened(stack)

    def test_it_can_be_subscribed_to(self, stack: cdk.Stack) -> None:
        topic = Topic(stack, "Alerts")
        assert topic.topic is topic.topic
        assert topic.topic.topic_arn == topic.topic_arn
        topic.topic.add_subscription(subscriptions.EmailSubscription("on-call@example.com"))
        (made,) = [one for one in topic.node.find_all() if isinstance(one, sns.CfnSubscription)]
        assert made.topic_arn == topic.topic_arn

    def test_words_are_the_senders(self, stack: cdk.Stack) -> None:
        topic = Topic(stack, "Alerts")
        words = Sender(service=RULE.service, arn=RULE.arn, text='<who> said "no"', fields={"who": "$.detail.user"})
        (target,) = topic.connect(stack, words)
        assert target.properties == {
            "inputTransformer": {
                "inputPathsMap": {"who": "$.detail.user"},
                "inputTemplate": '"<who> said \\"no\\""',
            }
        }
        (silent,) = topic.connect(stack, RULE)
        assert (silent.id, silent.arn, silent.properties) == ("Topic", topic.topic_arn, {})


class TestScopes:
    """A scope for a sender is a call into Node: one is made only for a channel that may put something there."""

    @pytest.mark.parametrize(("name", "for_rule", "for_alarm"), [
        ("email", False, False), ("sms", False, False), ("slack", False, False), ("teams", False, False),
        ("pagerduty", False, True), ("servicenow_event", False, True), ("zendesk", False, True), ("https", False, True),
        ("event_bus", False, True), ("topic", False, False), ("private", True, False), ("own", True, True),
        ("several", False, False), ("several with own", True, True), ("route", False, True),
    ])  # fmt: skip
    def test_who_gets_one(self, stack: cdk.Stack, name: str, for_rule: bool, for_alarm: bool) -> None:
        topic, own = Topic(stack, "Alerts"), Pager([])
        channel = {
            **ALL, "topic": topic, "own": own, "several": several(topic, Email("a@example.com")),
            "private": PrivateTopic("arn:aws:kms:eu-west-1:123456789012:key/1"),
            "several with own": several(topic, own), "route": Route(critical=[ALL["pagerduty"]], low=[own]),
        }[name]  # fmt: skip
        for sender, expected in ((RULE, for_rule), (ALARM, for_alarm)):
            given = replace(sender, severity=Severity.CRITICAL)
            scope = apart(stack, f"Scope{sender.service[:3]}", channel, given)
            assert (scope is not stack) is expected, sender.service
            before = {child.node.path for child in stack.node.children}
            channel.connect(scope, given)
            after = {child.node.path for child in stack.node.children if child.node.id != "HardenedAlerts"}
            assert after <= before, "nothing was put beside other things of the stack"

    def test_a_class_that_overrides_connect_gets_one(self, stack: cdk.Stack) -> None:
        class Mine(Topic):
            def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
                Construct(scope, "Made")
                return super().connect(scope, sender)

        mine = Mine(stack, "Mine")
        assert apart(stack, "Scope", mine, RULE) is not stack

    def test_a_private_topic_needs_one_until_it_is_made(self, stack: cdk.Stack) -> None:
        channel = PrivateTopic("arn:aws:kms:eu-west-1:123456789012:key/1")
        channel.connect(apart(stack, "Scope", channel, RULE), RULE)
        assert apart(stack, "Again", channel, ALARM) is stack


def test_words_begin_with_how_bad_it_is(stack: cdk.Stack) -> None:
    said = replace(RULE, text="<who> did it.", fields={"who": "$.a"}, severity=Severity.HIGH, title="Changed by hand.")
    for channel in (Topic(stack, "Alerts"), several(sns.Topic.from_topic_arn(stack, "Mine", "arn:aws:sns:x:1:m"))):
        (target,) = channel.connect(stack, said)
        assert target.properties["inputTransformer"]["inputTemplate"] == '"HIGH: Changed by hand. <who> did it."'


def test_a_private_topic_admits_all_alarms_of_a_sender(stack: cdk.Stack) -> None:
    PrivateTopic("arn:aws:kms:eu-west-1:123456789012:key/1").connect(stack, replace(ALARM, also=("arn:b",)))
    only, _ = statements(Template.from_stack(stack), "AWS::SNS::TopicPolicy", "PolicyDocument")
    assert only["Condition"] == {"ArnEquals": {"aws:SourceArn": [ALARM.arn, "arn:b"]}}


def test_a_private_topic_has_no_condition_on_a_rule(stack: cdk.Stack) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions"""
    PrivateTopic("arn:aws:kms:eu-west-1:123456789012:key/1").connect(stack, RULE)
    rule, alarms, _ = statements(Template.from_stack(stack), "AWS::SNS::TopicPolicy", "PolicyDocument")
    assert (rule["Principal"], rule.get("Condition")) == ({"Service": "events.amazonaws.com"}, None)
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


class TestSeveral:
    def test_all_are_told(self, stack: cdk.Stack) -> None:
        asked: list[Any] = []
        mine = sns.Topic.from_topic_arn(stack, "Mine", "arn:aws:sns:eu-west-1:123456789012:mine")
        topic = Topic(stack, "Alerts")
        targets = several(topic, mine, Pager(asked)).connect(stack, RULE)
        assert [(target.id, target.arn) for target in targets] == [
            ("Topic", topic.topic_arn),
            ("Topic2", mine.topic_arn),
            ("Pager", "arn:aws:events:eu-west-1:123456789012:api-destination/x"),
        ]
        assert asked == [("Alerts", RULE)]

    def test_nothing_is_added_to_a_topic_of_yours(self, stack: cdk.Stack) -> None:
        mine = sns.Topic.from_topic_arn(stack, "Mine", "arn:aws:sns:eu-west-1:123456789012:mine")
        before = [child.node.path for child in stack.node.find_all()]
        several(mine).connect(stack, ALARM)
        assert [child.node.path for child in stack.node.find_all()] == before

    def test_fails_when(self, stack: cdk.Stack) -> None:
        topic = Topic(stack, "Alerts")
        with pytest.raises(
            ConfigurationError, match="channels needs 1 to 5 channels, the limit of a rule and of an alarm, got 0"
        ):
            several()
        with pytest.raises(ConfigurationError) as caught:
            several(topic, topic, "ops@example.com", Pager, Pager([]), nobody(reason="x"))  # type: ignore[arg-type]
        twice, mail, a_class, many = sorted(caught.value.problems, key=lambda text: "1 to 5" in text)
        assert "twice" in twice and "'ops@example.com': pass aws_sns.Topic.from_topic_arn(...)" in mail
        assert "Pager'>" in a_class and "got 6" in many


class TestNobody:
    def test_says_why(self, stack: cdk.Stack) -> None:
        assert list(nobody(reason="the security account listens").connect(stack, RULE)) == []
        Annotations.from_stack(stack).has_info("*", "nobody is alerted: the security account listens")

    @pytest.mark.parametrize("reason", ["", "  ", None, 1])
    def test_fails_without_a_reason(self, reason: Any) -> None:
        with pytest.raises(ConfigurationError, match="reason needs a sentence for the auditor, such as .*, got"):
            nobody(reason=reason)


class TestBreakGlass:
    """The first sender: its rule, on each kind of channel."""

    def make(self, stack: cdk.Stack, channel: Any) -> hardened.BreakGlassRole:
        cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="prod")
        return cluster.add_break_glass_role(trusted=[USER], alerts=channel)

    def targets(self, role: hardened.BreakGlassRole) -> list[dict[str, Any]]:
        rule = role.node.find_child("Alarm").node.find_child("Rule")
        found: list[dict[str, Any]] = cdk.Stack.of(role).resolve(rule.targets) or []  # type: ignore[attr-defined]
        return found

    def test_a_topic(self, stack: cdk.Stack) -> None:
        topic = Topic(stack, "Alerts")
        role = self.make(stack, topic)
        assert role.topic_arn == topic.topic_arn
        (target,) = self.targets(role)
        assert target["arn"] == stack.resolve(topic.topic_arn)
        assert "was taken by <source>" in target["inputTransformer"]["inputTemplate"]
        assert list(target["deadLetterConfig"]["arn"]) == ["Fn::GetAtt"]

    def test_a_channel_of_your_own(self, stack: cdk.Stack) -> None:
        asked: list[tuple[str, Sender]] = []
        role = self.make(stack, Pager(asked))
        (path, sender), *alarms = asked
        assert [alarm.service for _, alarm in alarms] == ["cloudwatch.amazonaws.com"] * 2, "on what is not delivered"
        assert path == "Alerts/Cluster/BreakGlass/Alarm"
        assert (sender.service, set(sender.fields)) == ("events.amazonaws.com", {"who", "source", "when", "where"})
        assert sender.key == ("who", "where"), "the role taken with stolen credentials is an incident of its own"
        with pytest.raises(ConfigurationError, match="topic_arn is not known: alerts is a channel without a topic"):
            role.topic_arn  # noqa: B018
        (target,) = self.targets(role)
        assert target["id"] == "Pager"

    def test_two_topics(self, stack: cdk.Stack) -> None:
        one, two = Topic(stack, "One"), Topic(stack, "Two")
        role = self.make(stack, several(one, two))
        assert role.topic_arn == one.topic_arn
        assert [target["id"] for target in self.targets(role)] == ["Topic", "Topic2"]

    def test_nobody_leaves_a_finding(self, stack: cdk.Stack) -> None:
        role = self.make(stack, nobody(reason="the security account listens"))
        assert self.targets(role) == []
        assert [child.node.id for child in role.node.find_child("Alarm").node.children] == ["Rule"]
        Annotations.from_stack(stack).has_info("*", Match.string_like_regexp("the security account listens"))
        with pytest.raises(AssertionError, match="IA-13"):
            assert_hardened(stack)


def test_channels_keep_the_contract() -> None:
    for channel in (nobody(reason="x"), Pager([])):
        assert isinstance(channel, AlertChannel)
    assert issubclass(Topic, AlertChannel)
    assert hardened.alerts.Topic is Topic and hardened.AlertChannel is AlertChannel
