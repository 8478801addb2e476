from __future__ import annotations

import json
import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

ROLE, ENTRY, POLICY = "AWS::IAM::Role", "AWS::EKS::AccessEntry", "AWS::IAM::ManagedPolicy"
ANA, BEN = "arn:aws:iam::123456789012:user/ana", "arn:aws:iam::123456789012:user/on-call"


def stack_with_cluster() -> tuple[cdk.Stack, Any]:
    stack = cdk.Stack(cdk.App(), "Access")
    return stack, hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")


def synthesized(**arguments: Any) -> Template:
    stack, cluster = stack_with_cluster()
    hardened.BreakGlassRole(stack, "BreakGlass", cluster=cluster, **{"trusted": [ANA, BEN], **arguments})
    return Template.from_stack(stack)


def ids(template: Template, kind: str) -> list[str]:
    """Logical ids, without what belongs to the alert."""
    return [name for name in template.find_resources(kind) if "Alarm" not in name]


def only(template: Template, kind: str) -> dict[str, Any]:
    (name,) = ids(template, kind)
    return dict(template.find_resources(kind)[name]["Properties"])


@pytest.fixture(scope="module")
def armed() -> Template:
    return synthesized()


@pytest.fixture(scope="module")
def sealed() -> Template:
    return synthesized(sealed=True)


CONDITIONS = {
    "Bool": {"aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "false"},
    "NumericLessThan": {"aws:MultiFactorAuthAge": "900"},
    "StringEquals": {"sts:SourceIdentity": "${aws:username}", "aws:RequestedRegion": {"Ref": "AWS::Region"}},
}


def test_named_people_with_fresh_mfa_who_say_who_they_are(armed: Template) -> None:
    assert only(armed, ROLE)["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "NamedPeopleWithFreshMfa",
                "Effect": "Allow",
                "Principal": {"AWS": [ANA, BEN]},
                "Action": "sts:AssumeRole",
                "Condition": CONDITIONS,
            },
            {
                "Sid": "NameYourself",
                "Effect": "Allow",
                "Principal": {"AWS": [ANA, BEN]},
                "Action": "sts:SetSourceIdentity",
                "Condition": CONDITIONS,
            },
        ],
    }


def test_no_condition_passes_when_its_key_is_missing(armed: Template) -> None:
    assert "IfExists" not in json.dumps(only(armed, ROLE)["AssumeRolePolicyDocument"])


def test_a_session_lasts_an_hour(armed: Template) -> None:
    assert only(armed, ROLE)["MaxSessionDuration"] == 3600


def test_it_is_cluster_administrator(armed: Template) -> None:
    (role,) = ids(armed, ROLE)
    entry = only(armed, ENTRY)
    assert entry["PrincipalArn"] == {"Fn::GetAtt": [role, "Arn"]}
    assert (entry["ClusterName"], entry["Type"]) == ("payments", "STANDARD")
    (policy,) = entry["AccessPolicies"]
    assert policy["AccessScope"] == {"Type": "cluster"}
    assert policy["PolicyArn"]["Fn::Join"][1][-1].endswith("/AmazonEKSClusterAdminPolicy")


def test_in_aws_it_reads_this_cluster_and_nothing_else(armed: Template) -> None:
    (policy,) = ids(armed, POLICY)
    assert only(armed, ROLE)["ManagedPolicyArns"] == [{"Ref": policy}]
    assert "Policies" not in only(armed, ROLE)
    (statement,) = only(armed, POLICY)["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert {action.split(":")[1][:4] for action in statement["Action"]} <= {"List", "Desc"}
    assert json.dumps(statement["Resource"]).endswith('cluster/payments"]]}')


def test_sealed_nobody_takes_it(sealed: Template) -> None:
    statements = only(sealed, ROLE)["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Effect"] for statement in statements] == ["Deny"]
    assert set(statements[0]["Action"]) == {"sts:AssumeRole", "sts:SetSourceIdentity"}


def test_sealed_it_is_no_administrator(sealed: Template) -> None:
    sealed.resource_count_is(ENTRY, 0)


def test_sealing_keeps_the_role(armed: Template, sealed: Template) -> None:
    changed = {"AssumeRolePolicyDocument"}
    assert ids(armed, ROLE) == ids(sealed, ROLE)
    assert ids(armed, POLICY) == ids(sealed, POLICY)
    before, after = only(armed, ROLE), only(sealed, ROLE)
    assert {key for key in before if before[key] != after.get(key)} == changed, "nothing that replaces the role"


@pytest.mark.parametrize("state", ["armed", "sealed"])
def test_whoever_takes_it_or_tries_is_heard(state: str, request: pytest.FixtureRequest) -> None:
    template = request.getfixturevalue(state)
    (role,) = ids(template, ROLE)
    (topic,) = template.find_resources("AWS::SNS::Topic")
    (rule,) = (r["Properties"] for r in template.find_resources("AWS::Events::Rule").values())
    assert rule["EventPattern"]["source"] == ["aws.sts"]
    detail = rule["EventPattern"]["detail"]
    assert detail["eventName"] == ["AssumeRole"]
    assert detail["requestParameters"] == {"roleArn": [{"Fn::GetAtt": [role, "Arn"]}]}
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Ref": topic}
    assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] in template.find_resources("AWS::SQS::Queue")
    used = set(re.findall(r"<(\w+)>", target["InputTransformer"]["InputTemplate"]))
    assert used == set(target["InputTransformer"]["InputPathsMap"])


def test_the_rule_and_the_alarms_on_its_delivery_write_alerts(armed: Template) -> None:
    (policy,) = armed.find_resources("AWS::SNS::TopicPolicy").values()
    allow, alarms, deny = policy["Properties"]["PolicyDocument"]["Statement"]
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in allow, "EventBridge does not tell SNS which rule publishes"
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_alerts_that_are_not_delivered_are_an_alarm(armed: Template) -> None:
    (rule,) = armed.find_resources("AWS::Events::Rule")
    (queue,) = armed.find_resources("AWS::SQS::Queue")
    (topic,) = armed.find_resources("AWS::SNS::Topic")
    alarms = [alarm["Properties"] for alarm in armed.find_resources("AWS::CloudWatch::Alarm").values()]
    assert [alarm["AlarmActions"] for alarm in alarms] == [[{"Ref": topic}]] * 2
    watched = json.dumps(alarms)
    assert json.dumps({"Fn::GetAtt": [queue, "QueueName"]}) in watched
    assert f'{{"Name": "RuleName", "Value": {json.dumps({"Ref": rule})}}}' in watched


def test_alerts_are_encrypted_and_their_delivery_is_logged(armed: Template) -> None:
    for kind in ("AWS::SNS::Topic", "AWS::SQS::Queue"):
        (made,) = armed.find_resources(kind).values()
        assert "KeysNotifications" in json.dumps(made["Properties"]["KmsMasterKeyId"])
    (topic,) = armed.find_resources("AWS::SNS::Topic").values()
    assert all("FailureFeedbackRoleArn" in logging for logging in topic["Properties"]["DeliveryStatusLogging"])


def test_a_topic_of_your_own_is_told() -> None:
    arn = "arn:aws:sns:eu-west-1:123456789012:security"
    stack, cluster = stack_with_cluster()
    topic = sns.Topic.from_topic_arn(stack, "Security", arn)
    made = hardened.BreakGlassRole(stack, "BreakGlass", cluster=cluster, trusted=[ANA], alerts=topic)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SNS::Topic", 0)
    (rule,) = template.find_resources("AWS::Events::Rule").values()
    assert made.topic_arn == rule["Properties"]["Targets"][0]["Arn"] == arn


@pytest.mark.parametrize(("principal", "arn"), [
    (lambda scope: iam.User.from_user_arn(scope, "Imported", ANA), ANA),
    (lambda _: iam.ArnPrincipal(ANA), ANA),
    (lambda _: cdk.Fn.import_value("OnCall"), {"Fn::ImportValue": "OnCall"}),
])  # fmt: skip
def test_principals(principal: Any, arn: Any) -> None:
    stack, cluster = stack_with_cluster()
    cluster.add_break_glass_role(trusted=[principal(stack)])
    statements = only(Template.from_stack(stack), ROLE)["AssumeRolePolicyDocument"]["Statement"]
    assert [s["Principal"]["AWS"] for s in statements] == [[arn]] * 2


def test_the_age_may_be_known_at_deployment() -> None:
    stack, cluster = stack_with_cluster()
    age = cdk.CfnParameter(stack, "Age", type="Number", default=300)
    hardened.BreakGlassRole(
        stack, "BreakGlass", cluster=cluster, trusted=[ANA], mfa_max_age_seconds=age.value_as_number
    )
    condition = only(Template.from_stack(stack), ROLE)["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert condition["NumericLessThan"] == {"aws:MultiFactorAuthAge": {"Ref": "Age"}}


def test_the_role_for_alarms_is_one_construct() -> None:
    stack, cluster = stack_with_cluster()
    made = hardened.BreakGlassRole(stack, "BreakGlass", cluster=cluster, trusted=[ANA], sealed=True)
    assert made.sealed and made.access_entry is None
    assert made.role is made.role


@pytest.mark.parametrize(("arguments", "words"), [
    ({"trusted": []}, ["at least one", "[]"]),
    ({"trusted": ANA}, ["a list", ANA]),
    ({"trusted": ["*"]}, ["'*'", "everybody"]),
    ({"trusted": ["arn:aws:iam::123456789012:role/*"]}, ["role/*"]),
    ({"trusted": ["arn:aws:iam::123456789012:root"]}, ["whole account"]),
    ({"trusted": ["123456789012"]}, ["'123456789012'"]),
    ({"trusted": ["arn:aws:iam::123456789012:group/ops"]}, ["group/ops"]),
    ({"trusted": ["arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"]},
     ["no MFA", "IAM users with an MFA device", "IdentityCenterTrust(permission_set="]),
    ({"trusted": ["arn:aws:iam::123456789012:role/on-call"]}, ["role/on-call", "no MFA", "IdentityCenterTrust"]),
    ({"trusted": [lambda scope: iam.Role(scope, "Mine", assumed_by=iam.ArnPrincipal(ANA))]}, ["no MFA"]),
    ({"trusted": [lambda: iam.AnyPrincipal()]}, ["'*'"]),
    ({"trusted": [lambda: iam.AccountRootPrincipal()]}, ["whole account"]),
    ({"trusted": [lambda: iam.AccountPrincipal("123456789012")]}, ["whole account"]),
    ({"trusted": [lambda: iam.ServicePrincipal("ec2.amazonaws.com")]}, ["needs the ARN"]),
    ({"trusted": [lambda: iam.OrganizationPrincipal("o-a1b2c3d4e5")]}, ["needs the ARN"]),
    ({"trusted": [None]}, ["None"]),
    ({"mfa_max_age_seconds": 59}, ["60 to 3600", "got 59"]),
    ({"mfa_max_age_seconds": 3601}, ["got 3601"]),
    ({"mfa_max_age_seconds": True}, ["got True"]),
    ({"mfa_max_age_seconds": "900"}, ["got '900'"]),
])  # fmt: skip
def test_fails_when(arguments: dict[str, Any], words: list[str]) -> None:
    stack, cluster = stack_with_cluster()
    before = len(stack.node.find_all())
    given = {"trusted": [ANA], **arguments}
    if isinstance(given["trusted"], list):
        elsewhere = cdk.Stack(stack.node.root, "Elsewhere")
        given["trusted"] = [
            who(*([elsewhere] if who.__code__.co_argcount else [])) if callable(who) else who
            for who in given["trusted"]
        ]
    with pytest.raises(ConfigurationError) as caught:
        hardened.BreakGlassRole(stack, "BreakGlass", cluster=cluster, **given)
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(stack.node.find_all()) == before, "nothing is created before the arguments are good"


def test_fails_with_all_mistakes_at_once() -> None:
    stack, cluster = stack_with_cluster()
    with pytest.raises(ConfigurationError) as caught:
        hardened.BreakGlassRole(
            stack,
            "BreakGlass",
            cluster=cluster,
            trusted=["*", "arn:aws:iam::1:root"],
            mfa_max_age_seconds=0,
            sealed=True,
        )
    assert len(caught.value.problems) == 3
