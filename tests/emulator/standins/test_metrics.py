"""The stand-ins for metric filters and alarms: a log line becomes a metric, an alarm, a message and an event."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Account, StackFailed
from tests.emulator.observing import Inbox, drain, eventually, write

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
GROUP = "/aws/eks/ledger/cluster"
DENIED = '{"responseStatus":{"code":403},"user":{"username":"alice"},"stage":"ResponseComplete"}'
ALLOWED = DENIED.replace("403", "200")


def stack(pattern: str = "{ $.responseStatus.code = 403 }", **alarm: Any) -> dict[str, Any]:
    transformation = {"MetricName": "Denied", "MetricNamespace": "Hardened", "MetricValue": "1"}
    return {
        "Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": GROUP}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}},
            "Filter": {
                "Type": "AWS::Logs::MetricFilter",
                "Properties": {
                    "LogGroupName": {"Ref": "Group"},
                    "FilterPattern": pattern,
                    "MetricTransformations": [transformation],
                },
            },
            "Alarm": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "AlarmName": "denied",
                    "MetricName": "Denied",
                    "Namespace": "Hardened",
                    "Statistic": "Sum",
                    "Period": 60,
                    "EvaluationPeriods": 1,
                    "Threshold": 1,
                    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                    "TreatMissingData": "notBreaching",
                    "AlarmActions": [{"Ref": "Topic"}],
                    **alarm,
                },
            },
        }
    }


def state(account: Account, name: str = "denied") -> str:
    return account.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]


def test_a_line_becomes_a_metric_an_alarm_and_a_message(account: Account) -> None:
    inbox = Inbox(account, account.deploy("s", stack())["Topic"])
    write(account, GROUP, ALLOWED, "no JSON")
    assert state(account) == "OK"
    assert inbox.messages() == []
    write(account, GROUP, DENIED)
    message = json.loads(inbox.wait()[0]["Message"])
    assert (message["AlarmName"], message["NewStateValue"]) == ("denied", "ALARM")


def test_a_threshold_needs_that_many_lines_within_a_period(account: Account) -> None:
    account.deploy("s", stack(Threshold=3, Period=300))
    write(account, GROUP, DENIED, DENIED)
    write(account, GROUP, DENIED, DENIED, ago=700)
    assert state(account) == "OK"
    write(account, GROUP, DENIED)
    assert state(account) == "ALARM"


def test_another_series_of_the_metric_does_not_count(account: Account) -> None:
    account.deploy("s", stack(Dimensions=[{"Name": "ClusterName", "Value": "ledger"}]))
    write(account, GROUP, DENIED)
    assert state(account) == "OK"


def test_a_silent_log_is_in_alarm_when_missing_data_breaches(account: Account) -> None:
    silent = {
        "MetricName": "IncomingLogEvents",
        "Namespace": "AWS/Logs",
        "Dimensions": [{"Name": "LogGroupName", "Value": GROUP}],
        "Period": 300,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 3,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
    }
    account.deploy("s", stack(**silent))
    write(account, GROUP, ALLOWED, ago=400)
    assert state(account) == "OK"
    account.reset()
    account.deploy("s", stack(**silent))
    write(account, GROUP, ALLOWED, ago=1600)
    assert state(account) == "ALARM"


@pytest.mark.parametrize(
    ("treat", "expected"), [("missing", "INSUFFICIENT_DATA"), ("ignore", "INSUFFICIENT_DATA"), ("notBreaching", "OK"),
                            ("breaching", "ALARM")]
)  # fmt: skip
def test_missing_data_is_treated_as_the_alarm_says(account: Account, treat: str, expected: str) -> None:
    account.deploy("s", stack(TreatMissingData=treat))
    assert state(account) == expected


def test_m_of_n(account: Account) -> None:
    account.deploy("s", stack(EvaluationPeriods=3, DatapointsToAlarm=2))
    write(account, GROUP, DENIED)
    assert state(account) == "OK"
    write(account, GROUP, DENIED, ago=60)
    assert state(account) == "ALARM"


def test_an_anomaly_band_is_silent_until_it_is_trained(account: Account) -> None:
    metric = {"Namespace": "Hardened", "MetricName": "Denied"}
    entries = [
        {"Id": "m1", "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"}},
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"},
    ]
    template = stack(Metrics=entries, ThresholdMetricId="band", ComparisonOperator="GreaterThanUpperThreshold")
    for name in ("MetricName", "Namespace", "Statistic", "Period", "Threshold"):
        del template["Resources"]["Alarm"]["Properties"][name]
    account.deploy("s", template)
    write(account, GROUP, *[DENIED] * 5)
    assert state(account) == "INSUFFICIENT_DATA"
    for back in (1, 2, 3):
        write(account, GROUP, DENIED, ago=400 * back)
    assert state(account) == "ALARM"


def test_other_expressions_are_refused(account: Account) -> None:
    template = stack(Metrics=[{"Id": "e", "Expression": "MAX(METRICS())"}])
    with pytest.raises(StackFailed, match="ANOMALY_DETECTION_BAND of one metric only"):
        account.deploy("s", template)


def test_a_change_of_state_is_an_event(account: Account) -> None:
    account.deploy("s", stack())
    sqs, events = account.client("sqs"), account.client("events")
    url = sqs.create_queue(QueueName="states")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    allow(sqs, url, arn)
    events.put_rule(Name="states", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="states", Targets=[{"Id": "q", "Arn": arn}])
    write(account, GROUP, DENIED)
    event = json.loads(eventually(lambda: drain(sqs, url))[0])
    assert event["detail-type"] == "CloudWatch Alarm State Change"
    assert event["detail"]["alarmName"] == "denied"
    assert event["detail"]["configuration"]["metrics"][0]["metricStat"]["metric"]["name"] == "Denied"
    assert event["resources"][0].endswith(":alarm:denied")


def test_a_pattern_that_cloudwatch_cannot_read_fails_the_stack(account: Account) -> None:
    with pytest.raises(StackFailed, match="Invalid metric filter pattern"):
        account.deploy("s", stack("{ $.a LIKE 1 }"))


def test_a_group_of_the_class_infrequent_access_takes_no_filter(account: Account) -> None:
    template = stack()
    template["Resources"]["Group"]["Properties"]["LogGroupClass"] = "INFREQUENT_ACCESS"
    with pytest.raises(StackFailed, match="INFREQUENT_ACCESS"):
        account.deploy("s", template)


def test_values_dimensions_and_defaults_of_a_transformation(account: Account) -> None:
    account.deploy("s", stack())
    change = {"metricNamespace": "X", "metricName": "code", "metricValue": "$.responseStatus.code",
              "dimensions": {"User": "$.user.username"}}  # fmt: skip
    none = {"metricNamespace": "X", "metricName": "none", "metricValue": "1", "defaultValue": 0}
    logs = account.client("logs")
    logs.put_metric_filter(logGroupName=GROUP, filterName="a", filterPattern="", metricTransformations=[change])
    logs.put_metric_filter(logGroupName=GROUP, filterName="b", filterPattern="nothing", metricTransformations=[none])
    write(account, GROUP, DENIED)

    def total(name: str, dimensions: list[dict[str, str]]) -> float:
        found = account.client("cloudwatch").get_metric_statistics(
            Namespace="X", MetricName=name, Dimensions=dimensions, StartTime=time.time() - 120,
            EndTime=time.time() + 60, Period=600, Statistics=["Sum", "SampleCount"])  # fmt: skip
        return sum(point["Sum"] + point["SampleCount"] for point in found["Datapoints"])

    assert total("code", [{"Name": "User", "Value": "alice"}]) == 404
    assert total("none", []) == 1


def test_test_metric_filter(account: Account) -> None:
    logs = account.client("logs")
    answer = logs.test_metric_filter(filterPattern='{ $.user.username = "a*" }', logEventMessages=["x", DENIED])
    assert [found["eventNumber"] for found in answer["matches"]] == [2]
    with pytest.raises(ClientError, match="Invalid metric filter pattern"):
        logs.test_metric_filter(filterPattern="{ $.a ", logEventMessages=["x"])


def allow(sqs: Any, url: str, arn: str) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
                 "Resource": arn}  # fmt: skip
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
