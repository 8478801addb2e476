"""The stand-ins between a rule and its targets: who may send, retries, dead letters, states of rules, invalid ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.detections.events import call
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.observing import Inbox, drain, drain_whole, eventually, observe

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
PATTERN = {"source": ["aws.eks"]}
CHANGE = call("eks", "DeleteCluster", {"name": "ledger"})
EVENTS, CLOUDWATCH = "events.amazonaws.com", "cloudwatch.amazonaws.com"


def may(action: str, resource: Any, service: str = EVENTS, **condition: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return {**found, **({"Condition": condition} if condition else {})}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type_, "Properties": properties}


def queue(name: str) -> dict[str, Any]:
    send = may("sqs:SendMessage", {"Fn::GetAtt": [name, "Arn"]})
    policy = resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": name}], PolicyDocument=document(send))
    return {name: resource("AWS::SQS::Queue", QueueName=name), f"{name}Policy": policy}


def topic(*statements: dict[str, Any]) -> dict[str, Any]:
    policy = resource("AWS::SNS::TopicPolicy", Topics=[{"Ref": "Topic"}], PolicyDocument=document(*statements))
    return {"Topic": resource("AWS::SNS::Topic", TopicName="alerts")} | ({"Policy": policy} if statements else {})


def rule(*targets: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = [{"Id": f"t{index}", **target} for index, target in enumerate(targets)]
    return {"Rule": resource("AWS::Events::Rule", **{"Name": "r", "EventPattern": PATTERN, "Targets": named, **more})}


def stack(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {name: found for part in parts for name, found in part.items()}}


TO_TOPIC = {"Arn": {"Ref": "Topic"}, "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}}}
PUBLISH = may("sns:Publish", {"Ref": "Topic"})


def dead(account: Account) -> list[dict[str, Any]]:
    sqs = account.client("sqs")
    return drain_whole(sqs, sqs.get_queue_url(QueueName="Dead")["QueueUrl"])


def letter(account: Account) -> dict[str, str]:
    (message,) = eventually(lambda: dead(account))
    assert json.loads(message["Body"])["detail"]["eventName"] == "DeleteCluster"
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def failures(account: Account, name: str = "FailedInvocations") -> float:
    found = account.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Events", MetricName=name, Dimensions=[{"Name": "RuleName", "Value": "r"}],
        StartTime=0, EndTime=4e9, Period=3600, Statistics=["Sum"])  # fmt: skip
    return sum(point["Sum"] for point in found["Datapoints"])


class TestWhoMaySend:
    def test_a_topic_whose_policy_lets_eventbridge_in(self, account: Account) -> None:
        made = account.deploy("s", stack(topic(PUBLISH), queue("Dead"), rule(TO_TOPIC)))
        inbox = Inbox(account, made["Topic"])
        observe(account, CHANGE)
        event = json.loads(inbox.wait()[0]["Message"])
        assert event["detail"]["requestParameters"] == {"name": "ledger"}
        assert event["detail-type"] == "AWS API Call via CloudTrail"
        assert dead(account) == []
        assert failures(account, "Invocations") == 1
        assert failures(account) == 0

    @pytest.mark.parametrize(
        "statements",
        [
            (),
            (may("sns:Publish", {"Ref": "Topic"}, CLOUDWATCH),),
            (may("sns:Publish", {"Ref": "Topic"}, StringEquals={"aws:SourceAccount": "123456789012"}),),
        ],
        ids=["no policy", "a policy for alarms", "a policy that asks for the account"],
    )
    def test_a_topic_that_does_not(self, account: Account, statements: tuple[dict[str, Any], ...]) -> None:
        made = account.deploy("s", stack(topic(*statements), queue("Dead"), rule(TO_TOPIC)))
        inbox = Inbox(account, made["Topic"])
        observe(account, CHANGE)
        attributes = letter(account)
        assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
        assert attributes["RETRY_ATTEMPTS"] == "0"
        assert attributes["TARGET_ARN"] == made["Topic"]
        assert attributes["RULE_ARN"].endswith(":rule/r")
        assert inbox.messages() == []
        assert failures(account) == 1

    @pytest.mark.parametrize(
        ("condition", "arrives"),
        [({}, True), ({"StringEquals": {"aws:SourceAccount": "123456789012"}}, False)],
        ids=["without a condition", "with SourceAccount"],
    )
    def test_a_topic_with_a_key(self, account: Account, condition: dict[str, Any], arrives: bool) -> None:
        use = may("kms:*", "*", **condition)
        key = {"Key": resource("AWS::KMS::Key", KeyPolicy=document(use))}
        parts = topic(PUBLISH)
        parts["Topic"]["Properties"]["KmsMasterKeyId"] = {"Fn::GetAtt": ["Key", "Arn"]}
        made = account.deploy("s", stack(key, parts, queue("Dead"), rule(TO_TOPIC)))
        inbox = Inbox(account, made["Topic"])
        observe(account, CHANGE)
        if arrives:
            inbox.wait()
        else:
            assert "may not kms:Decrypt" in letter(account)["ERROR_MESSAGE"]

    @pytest.mark.parametrize(
        ("statements", "arrives"),
        [((), True), ((PUBLISH,), False), ((PUBLISH, may("sns:Publish", {"Ref": "Topic"}, CLOUDWATCH)), True)],
        ids=["default policy", "a policy for EventBridge", "a policy for both"],
    )
    def test_an_alarm(self, account: Account, statements: tuple[dict[str, Any], ...], arrives: bool) -> None:
        alarm = resource(
            "AWS::CloudWatch::Alarm", AlarmName="a", MetricName="m", Namespace="n", Statistic="Sum", Period=60,
            EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold", TreatMissingData="breaching",
            AlarmActions=[{"Ref": "Topic"}])  # fmt: skip
        made = account.deploy("s", stack(topic(*statements), {"Alarm": alarm}))
        inbox = Inbox(account, made["Topic"])
        assert account.client("cloudwatch").describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"
        assert len(inbox.messages()) == arrives

    def test_a_log_group_needs_a_resource_policy(self, account: Account) -> None:
        arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/digest:*"
        target = {"Arn": arn, "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}}}
        group = {"Group": resource("AWS::Logs::LogGroup", LogGroupName="/aws/events/digest")}
        allowed = may("logs:PutLogEvents", arn)
        policy = resource("AWS::Logs::ResourcePolicy", PolicyName="p", PolicyDocument=json.dumps(document(allowed)))
        account.deploy("s", stack(group, queue("Dead"), rule(target)))
        observe(account, CHANGE)
        assert letter(account)["ERROR_CODE"] == "NO_PERMISSIONS"
        account.deploy("s", stack(group, queue("Dead"), rule(target), {"Policy": policy}))
        observe(account, CHANGE)
        logs = account.client("logs")
        found = eventually(lambda: logs.filter_log_events(logGroupName="/aws/events/digest")["events"])
        assert json.loads(found[0]["message"])["detail"]["eventName"] == "DeleteCluster"


class TestDeadLetters:
    @pytest.mark.parametrize(
        "arn",
        ["arn:aws:sns:us-east-1:123456789012:none", "arn:aws:sqs:us-east-1:123456789012:none",
         "arn:aws:events:us-east-1:123456789012:event-bus/none",
         "arn:aws:events:us-east-1:123456789012:api-destination/none/x",
         "arn:aws:logs:us-east-1:123456789012:log-group:none:*",
         "arn:aws:states:us-east-1:123456789012:stateMachine:none"],
    )  # fmt: skip
    def test_a_target_that_is_not_there(self, account: Account, arn: str) -> None:
        target = {**TO_TOPIC, "Arn": arn}
        if "states" in arn or "api-" in arn:
            target["RoleArn"] = "arn:aws:iam::123456789012:role/r"
        account.deploy("s", stack(queue("Dead"), rule(target)))
        observe(account, CHANGE)
        assert "there is no" in letter(account)["ERROR_MESSAGE"]
        eventually(lambda: failures(account, "InvocationsSentToDlq"))

    def test_a_queue_that_lets_nobody_in(self, account: Account) -> None:
        template = stack(queue("Dead"), rule({**TO_TOPIC, "Arn": "arn:aws:sns:us-east-1:123456789012:none"}))
        del template["Resources"]["DeadPolicy"]
        account.deploy("s", template)
        observe(account, CHANGE)
        eventually(lambda: failures(account, "InvocationsFailedToBeSentToDlq"))
        assert dead(account) == []

    def test_a_target_this_stand_in_does_not_know(self, account: Account) -> None:
        target = {**TO_TOPIC, "Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c"}
        account.deploy("s", stack(queue("Dead"), rule(target)))
        observe(account, CHANGE)
        assert letter(account)["ERROR_CODE"] == "UNSUPPORTED_TARGET"


class TestRules:
    @pytest.mark.parametrize(
        ("state", "seen"),
        [("ENABLED", ["DeleteCluster"]), ("DISABLED", []),
         ("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", ["DeleteCluster", "DescribeCluster"])],
    )  # fmt: skip
    def test_read_only_calls(self, account: Account, state: str, seen: list[str]) -> None:
        account.deploy("s", stack(queue("In"), rule({"Arn": {"Fn::GetAtt": ["In", "Arn"]}}, State=state)))
        observe(account, call("eks", "DescribeCluster", {"name": "ledger"}, readOnly=True))
        observe(account, CHANGE)
        sqs = account.client("sqs")
        url, bodies = sqs.get_queue_url(QueueName="In")["QueueUrl"], list[str]()

        def names() -> list[str]:
            bodies.extend(drain(sqs, url))
            return sorted(json.loads(body)["detail"]["eventName"] for body in bodies)

        assert eventually(names, lambda found: found == seen) == seen

    def test_a_bus_hands_on(self, account: Account) -> None:
        bus = {"Bus": resource("AWS::Events::EventBus", Name="security")}
        second = rule({"Arn": {"Fn::GetAtt": ["In", "Arn"]}}, Name="s", EventBusName={"Ref": "Bus"})["Rule"]
        first = rule({"Arn": {"Fn::GetAtt": ["Bus", "Arn"]}, "RoleArn": "arn:aws:iam::123456789012:role/r"})
        account.deploy("s", stack(bus, queue("In"), first, {"Second": second}))
        observe(account, CHANGE)
        sqs = account.client("sqs")
        assert eventually(lambda: drain(sqs, sqs.get_queue_url(QueueName="In")["QueueUrl"]))

    @pytest.mark.parametrize(
        ("more", "words"),
        [({"EventPattern": {"source": [{"prefx": "aws"}]}}, "Event pattern is not valid"),
         ({"EventPattern": {"source": "aws.eks"}}, "Event pattern is not valid"),
         ({"Targets": [{"Id": "t", "Arn": "arn:aws:sns:us-east-1:123456789012:q",
                        "RoleArn": "arn:aws:iam::123456789012:role/r"}]}, "RoleArn is not supported")],
    )  # fmt: skip
    def test_what_eventbridge_refuses_fails_the_stack(self, account: Account, more: dict[str, Any], words: str) -> None:
        with pytest.raises(StackFailed, match=words):
            account.deploy("s", stack(rule(**more)))

    def test_only_aws_sends_events_of_aws(self, account: Account) -> None:
        entry = {"Source": "aws.eks", "DetailType": "x", "Detail": "{}"}
        answer = account.client("events").put_events(Entries=[entry])
        assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
