"""What the channels make: judged by our catalogue, the auditors' packs and cfn-lint, and read as an operator would."""

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import cfnlint.api
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Template
from constructs import Construct

import hardened_eks as hardened
from hardened_eks.alerts import AlertChannel, Email, Https, PagerDuty, Slack, Topic, several
from hardened_eks.alerts._delivery import tell
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Evidence
from tests.alerts.alert_paths import faults
from tests.alerts.built import ALL, app, of_type, send, stack_name
from tests.alerts.test_payloads import ALARM, CALL, SECRET
from tests.linting import READS_THE_CALENDAR


@pytest.fixture(scope="module")
def templates() -> dict[str, dict[str, Any]]:
    made = app()
    cdk.Validations.of(made).add_plugins(
        hardened.Checks(),
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )
    assembly = made.synth()  # raises where a pack or a control finds something
    return {stack.stack_name: stack.template for stack in assembly.stacks}


def of(templates: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return templates[stack_name(name)]


@pytest.mark.parametrize("name", ALL)
class TestEveryChannel:
    def test_cfn_lint_is_silent(self, templates: dict[str, dict[str, Any]], name: str) -> None:
        found = cfnlint.api.lint(
            json.dumps(of(templates, name)),
            config=cfnlint.api.ManualArgs(regions=["eu-west-1"], ignore_checks=[*READS_THE_CALENDAR]),
        )
        assert [f"{one.rule.id} {one.message} at {one.path}" for one in found] == []

    def test_every_alert_can_be_delivered(self, templates: dict[str, dict[str, Any]], name: str) -> None:
        paths, found = faults(Assembly([Evidence(name, of(templates, name))]))
        assert found == [] and paths >= 4

    def test_what_is_refused_is_kept_and_told(self, templates: dict[str, dict[str, Any]], name: str) -> None:
        template = of(templates, name)
        for rule in of_type(template, "AWS::Events::Rule"):
            for target in rule["Targets"]:
                assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10}
                assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("HardenedAlertsUndelivered")
        (queue,) = of_type(template, "AWS::SQS::Queue")
        assert queue["MessageRetentionPeriod"] == 1209600 and "KmsMasterKeyId" in queue
        depth, failed = alarms_of(template)
        assert depth["MetricName"] == "ApproximateNumberOfMessagesVisible"
        names = {metric["MetricStat"]["Metric"]["MetricName"] for metric in failed["Metrics"] if "MetricStat" in metric}
        assert names == {"FailedInvocations", "InvocationsFailedToBeSentToDlq"}
        assert {alarm["TreatMissingData"] for alarm in (depth, failed)} == {"notBreaching"}

    def test_no_secret_is_in_the_template(self, templates: dict[str, dict[str, Any]], name: str) -> None:
        for connection in of_type(of(templates, name), "AWS::Events::Connection"):
            parameters = connection["AuthParameters"]
            secrets = [
                value
                for kind, given in parameters.items()
                if kind != "InvocationHttpParameters"
                for key, value in given.items()
                if key != "ApiKeyName"
            ]
            body = parameters.get("InvocationHttpParameters", {}).get("BodyParameters", [])
            secrets += [parameter["Value"] for parameter in body]
            assert secrets and all(f"{{{{resolve:secretsmanager:{SECRET}:SecretString:" in one for one in secrets)


def alarms_of(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the alarms on deliveries: that on the queue, and that on the rules."""
    found = [one for one in of_type(template, "AWS::CloudWatch::Alarm") if one.get("MetricName") != "m"]
    return sorted(found, key=lambda one: "Metrics" in one)


class TestPeople:
    def test_mail_has_a_subscription_each_that_keeps_what_is_refused(
        self, templates: dict[str, dict[str, Any]]
    ) -> None:
        template = of(templates, "email")
        subscriptions = of_type(template, "AWS::SNS::Subscription")
        assert [(one["Protocol"], one["Endpoint"]) for one in subscriptions] == [
            ("email", "on-call@example.com"), ("email", "ops@example.com"),
        ]  # fmt: skip
        assert all("deadLetterTargetArn" in one["RedrivePolicy"] for one in subscriptions)
        (rule,) = of_type(template, "AWS::Events::Rule")
        text = json.loads(rule["Targets"][0]["InputTransformer"]["InputTemplate"])
        assert text.startswith("HIGH: EKS changed by hand. <who> called <call> on <cluster> from <where>")
        assert text.endswith(
            ' Ask "why" in #ops. https://<region>.console.aws.amazon.com/cloudtrailv2/home?region=<region>#/events'
        )
        used = rule["Targets"][0]["InputTransformer"]["InputPathsMap"]
        assert used["region"] == "$.region" and set(used) == {*CALL.fields, "region"}
        for alarm in of_type(template, "AWS::CloudWatch::Alarm"):
            assert len(alarm["AlarmActions"]) == 1

    def test_a_text_message_fits_into_one(self, templates: dict[str, dict[str, Any]]) -> None:
        template = of(templates, "sms")
        (topic,) = of_type(template, "AWS::SNS::Topic")
        (rule,) = of_type(template, "AWS::Events::Rule")
        transformer = rule["Targets"][0]["InputTransformer"]
        text = transformer["InputTemplate"].replace("<sms_when>", "2026-11-29T08:00:00Z")
        assert transformer["InputPathsMap"]["sms_when"] == "$.time"
        assert "EKS changed by hand" in text and "<" not in text
        assert len(f"{topic['DisplayName'][:10]}> {text}".encode()) <= 140


class TestChat:
    @pytest.mark.parametrize("name", ["slack", "teams"])
    def test_nobody_does_anything_from_the_chat(self, templates: dict[str, dict[str, Any]], name: str) -> None:
        template = of(templates, name)
        kinds = ("AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration")
        (chat,) = [one for kind in kinds for one in of_type(template, kind)]
        (guardrail,) = chat["GuardrailPolicies"]
        policy = template["Resources"][guardrail["Ref"]]["Properties"]["PolicyDocument"]
        assert policy["Statement"] == [{"Sid": "NoCommands", "Effect": "Deny", "Action": "*", "Resource": "*"}]
        assert (chat["UserRoleRequired"], chat["LoggingLevel"]) == (True, "ERROR")
        role = template["Resources"][chat["IamRoleArn"]["Fn::GetAtt"][0]]["Properties"]
        assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "chatbot.amazonaws.com"}
        assert not {"ManagedPolicyArns", "Policies"} & set(role)
        if name == "teams":
            assert chat["TeamsChannelId"] == "19%3Aab12%40thread.tacv2"


class TestEndpoints:
    @pytest.mark.parametrize(
        ("name", "url"),
        [
            ("pagerduty", "https://events.pagerduty.com/v2/enqueue"),
            ("servicenow_incident", "https://acme.service-now.com/api/now/table/incident"),
            ("servicenow_event", "https://acme.service-now.com/api/now/table/em_event"),
            ("zendesk", "https://acme.zendesk.com/api/v2/tickets.json"),
            ("https", "https://alerts.example.com/eks"),
        ],
    )
    def test_one_a_stack(self, templates: dict[str, dict[str, Any]], name: str, url: str) -> None:
        template = of(templates, name)
        (destination,) = of_type(template, "AWS::Events::ApiDestination")
        assert (destination["InvocationEndpoint"], destination["HttpMethod"]) == (url, "POST")
        assert len(of_type(template, "AWS::Events::Connection")) == 1
        targets = [target for rule in of_type(template, "AWS::Events::Rule") for target in rule["Targets"]]
        assert len({json.dumps(target["RoleArn"]) for target in targets}) == 1
        (role,) = of_type(template, "AWS::IAM::Role")
        assert role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        }
        (policy,) = of_type(template, "AWS::IAM::ManagedPolicy")
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Action"] == "events:InvokeApiDestination" and statement["Resource"] != "*"

    def test_zendesk_signs_in_with_a_token(self, templates: dict[str, dict[str, Any]]) -> None:
        (connection,) = of_type(of(templates, "zendesk"), "AWS::Events::Connection")
        basic = connection["AuthParameters"]["BasicAuthParameters"]
        assert basic["Username"].endswith(":SecretString:email::}}/token")
        assert basic["Password"].endswith(":SecretString:token::}}")


class TestShared:
    def test_a_channel_is_made_once_and_its_like_beside_it(self) -> None:
        stack = cdk.Stack(cdk.App(), "Shared")
        one = secretsmanager.Secret.from_secret_complete_arn(stack, "One", SECRET)
        two = secretsmanager.Secret(stack, "Two")
        imported = [cdk.Fn.import_value("a"), cdk.Fn.import_value("b")]
        pagers = [PagerDuty(secret=secret) for secret in (one, two, *imported, imported[0])]
        for number, pager in enumerate(pagers):
            send(stack, pager, str(number))
        made = Template.from_stack(stack).to_json()
        assert len(of_type(made, "AWS::Events::Connection")) == 4
        values = [
            connection["AuthParameters"]["ApiKeyAuthParameters"]["ApiKeyValue"]
            for connection in of_type(made, "AWS::Events::Connection")
        ]
        assert len({json.dumps(value) for value in values}) == 4

    def test_ids_are_the_same_at_each_synth(self) -> None:
        def ids(*, noise: int) -> set[str]:
            stack = cdk.Stack(cdk.App(), "Stable")
            for _ in range(noise):
                cdk.Fn.import_value("noise")  # tokens are numbered as they come
            send(stack, PagerDuty(secret=cdk.Fn.import_value("a")))
            return {one for one in Template.from_stack(stack).to_json()["Resources"]}

        assert ids(noise=0) == ids(noise=3)

    def test_a_fifth_rule_gets_an_alarm_of_its_own_and_all_channels_hear_of_it(self) -> None:
        stack = cdk.Stack(cdk.App(), "Many")
        mail, topic = Email("a@example.com"), Topic(stack, "Alerts")
        for number in range(6):
            send(stack, several(mail, topic) if number == 5 else mail, str(number))
        alarms = alarms_of(Template.from_stack(stack).to_json())
        watched = [
            metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"]
            for alarm in alarms
            for metric in alarm.get("Metrics", ())
            if "MetricStat" in metric
        ]
        assert len(alarms) == 3 and len(set(watched)) == 6 and len(watched) == 12
        assert [len(alarm["AlarmActions"]) for alarm in alarms] == [2, 2, 2]
        assert all(len(alarm.get("Metrics", ())) <= 10 for alarm in alarms)

    def test_alarms_alone_leave_nothing_unseen(self) -> None:
        """A stack without rules of its own: what a channel makes for an alarm is refused and kept as well."""
        channels: list[AlertChannel] = [PagerDuty(secret=SECRET), Email("a@example.com")]
        for number, channel in enumerate(channels):
            stack = cdk.Stack(cdk.App(), f"Alarms{number}")
            for name in "ab":
                alarm = cloudwatch.CfnAlarm(
                    stack, name, comparison_operator="GreaterThanThreshold", evaluation_periods=1, metric_name="m",
                    namespace="n", period=60, statistic="Sum", threshold=1,
                )  # fmt: skip
                told = replace(ALARM, arn=alarm.attr_arn)
                tell(Construct(stack, f"Told{name}"), alarm, told, channel)
            made = Template.from_stack(stack).to_json()
            alarms = alarms_of(made)
            assert alarms[0]["MetricName"] == "ApproximateNumberOfMessagesVisible"
            rules = {
                name
                for name, one in made["Resources"].items()
                if one["Type"] == "AWS::Events::Rule" and not name.startswith("HardenedAlerts")
            }
            assert len(rules) == (4 if number == 0 else 0)
            watched = {
                metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"]
                for one in alarms
                for metric in one.get("Metrics", ())
                if "MetricStat" in metric
            }
            assert watched == rules

    def test_a_key_of_yours(self) -> None:
        stack = cdk.Stack(cdk.App(), "Key")
        key = kms.Key.from_key_arn(stack, "Mine", "arn:aws:kms:eu-west-1:123456789012:key/1")
        send(stack, Email("a@example.com", encryption_key=key))
        send(stack, Slack(workspace_id="T0123ABCD", channel_id="C0123ABCD", encryption_key=key), "2")
        made = Template.from_stack(stack).to_json()
        keys = {one["KmsMasterKeyId"] for kind in ("AWS::SNS::Topic", "AWS::SQS::Queue") for one in of_type(made, kind)}
        assert keys == {key.key_arn} and of_type(made, "AWS::KMS::Key") == []

    def test_an_endpoint_in_a_nested_stack_stays_in_it(self) -> None:
        stack = cdk.Stack(cdk.App(), "Outer")
        nested = cdk.NestedStack(stack, "Inner")
        send(nested, Https("https://a.example.com", SECRET))  # type: ignore[arg-type]
        assert of_type(Template.from_stack(nested).to_json(), "AWS::Events::ApiDestination")
        assert of_type(Template.from_stack(stack).to_json(), "AWS::Events::Rule") == []


def test_nothing_else_connects_a_channel() -> None:
    """Every alert path goes through `deliver`, `tell` or `Rules`: retries, a queue, and alarms on both."""
    root = Path(hardened.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"
    }
    assert found == {"alerts/_actions.py", "alerts/_combined.py", "alerts/_delivery.py", "alerts/_rules.py"}
