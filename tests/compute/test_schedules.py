"""Other numbers of nodes at times of day, by EventBridge Scheduler for managed groups, by Auto Scaling for the others."""

import json
from typing import Any

import aws_cdk as cdk
import cfnlint.api
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.controls import CATALOGUE
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Evidence
from hardened_eks.judging.evaluation import evaluate
from tests.linting import READS_THE_CALENDAR

SCHEDULE, ACTION, NG = "AWS::Scheduler::Schedule", "AWS::AutoScaling::ScheduledAction", "AWS::EKS::Nodegroup"
WORKDAYS = ("MON", "TUE", "WED", "THU", "FRI")
SCHEDULES = [
    hardened.ScheduledScaling(
        name="Evening", at="20:05", timezone="Europe/Berlin", scaling=hardened.Scaling(min=0, max=2)
    ),
    hardened.ScheduledScaling(
        name="Morning", at="06:30", days=WORKDAYS, timezone="Europe/Berlin",
        scaling=hardened.Scaling(min=2, max=9, desired=4),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def template() -> Template:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"], schedules=SCHEDULES)
    cluster.add_self_managed_nodes("own", instance_types=["m7g.large", "m7gd.large"], schedules=SCHEDULES)
    return Template.from_stack(stack)


def of(template: Template, type_: str, part: str) -> dict[str, Any]:
    (found,) = [one["Properties"] for name, one in template.find_resources(type_).items() if part in name]
    properties: dict[str, Any] = found
    return properties


def test_eks_is_called_at_that_time_with_those_numbers(template: Template) -> None:
    (group,) = template.find_resources(NG)
    schedule = of(template, SCHEDULE, "Morning")
    assert schedule["ScheduleExpression"] == "cron(30 6 ? * MON,TUE,WED,THU,FRI *)"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    target = schedule["Target"]
    assert target["Arn"]["Fn::Join"][1][-1] == ":scheduler:::aws-sdk:eks:updateNodegroupConfig"
    parts = target["Input"]["Fn::Join"][1]
    refs = [one["Fn::GetAtt"] for one in parts if isinstance(one, dict) and "Fn::GetAtt" in one]
    assert refs == [[group, "NodegroupName"]]
    call = json.loads("".join(one if isinstance(one, str) else "name" for one in parts))
    assert call == {  # with the names of the SDKs: Scheduler refuses those of the API
        "ClusterName": "name",
        "NodegroupName": "name",
        "ScalingConfig": {"MinSize": 2, "DesiredSize": 4, "MaxSize": 9},
    }
    evening = of(template, SCHEDULE, "Evening")
    assert evening["ScheduleExpression"] == "cron(5 20 ? * * *)"
    assert '"MinSize":0,"DesiredSize":0,"MaxSize":2' in json.dumps(evening["Target"]["Input"]).replace("\\", "")


def test_the_role_changes_this_group_alone(template: Template) -> None:
    (group,) = template.find_resources(NG)
    policy = of(template, "AWS::IAM::ManagedPolicy", "SchedulesRole")
    changes, decrypts = policy["PolicyDocument"]["Statement"]
    assert (changes["Action"], changes["Resource"]) == ("eks:UpdateNodegroupConfig", {"Fn::GetAtt": [group, "Arn"]})
    assert decrypts["Action"] == "kms:Decrypt"
    (trusted,) = of(template, "AWS::IAM::Role", "SchedulesRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trusted["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "Notifications" in json.dumps(of(template, SCHEDULE, "Evening")["KmsKeyArn"])


def test_a_self_managed_group_has_scheduled_actions(template: Template) -> None:
    (group,) = template.find_resources("AWS::AutoScaling::AutoScalingGroup")
    assert of(template, ACTION, "Evening") == {
        "AutoScalingGroupName": {"Ref": group}, "Recurrence": "5 20 * * *", "TimeZone": "Europe/Berlin",
        "MinSize": 0, "DesiredCapacity": 0, "MaxSize": 2,
    }  # fmt: skip
    morning = of(template, ACTION, "Morning")
    assert (morning["Recurrence"], morning["DesiredCapacity"]) == ("30 6 * * 1,2,3,4,5", 4)


def test_the_checks_and_cfn_lint_find_nothing(template: Template) -> None:
    body = template.to_json()
    mine = {name for name, one in body["Resources"].items() if one["Type"] in {SCHEDULE, ACTION} or "Schedules" in name}
    result = evaluate(Assembly([Evidence("nodes", body)]), CATALOGUE)
    found = [f for f in result.findings if f.resource is not None and f.resource.logical_id in mine]
    assert len(mine) == 6 and found == []
    settings = cfnlint.api.ManualArgs(regions=["us-east-1"], ignore_checks=[*READS_THE_CALENDAR])
    messages = cfnlint.api.lint(json.dumps(body), config=settings)
    assert [f"{m.rule.id} {m.message} at {m.path}" for m in messages] == []


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.ScheduledScaling(name="in the evening", at="25:00", days=["MO"], timezone="Berlin", scaling=3)  # type: ignore[arg-type]
    for words in (
        "name needs a letter", "at needs a time of day such as '20:00', got '25:00'", "days needs a list of SUN, MON",
        "timezone needs the name of a time zone", "scaling needs a Scaling, got 3",
    ):  # fmt: skip
        assert words in str(caught.value)
    with pytest.raises(ConfigurationError, match="names a day twice, got MON, MON"):
        hardened.ScheduledScaling(name="A", at="20:00", days=["MON", "MON"], scaling=hardened.Scaling())


def test_schedules_of_a_group_have_names_of_their_own() -> None:
    cluster = hardened.Cluster(cdk.Stack(cdk.App(), "Nodes"), "Cluster", version="1.36")
    with pytest.raises(ConfigurationError, match="schedules has 'Evening' twice"):
        cluster.add_node_group("a", instance_types=["m7g.large"], schedules=[SCHEDULES[0], SCHEDULES[0]])
    with pytest.raises(ConfigurationError, match="schedules needs a list of ScheduledScaling, got 'evening'"):
        cluster.add_self_managed_nodes("b", instance_types=["m7g.large"], schedules="evening")  # type: ignore[arg-type]
