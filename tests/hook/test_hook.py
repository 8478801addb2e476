"""The construct: what is created, who may do what, who hears of it, and every mistake of a call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from app import packs
from hardened_eks.errors import ConfigurationError
from hardened_eks.hook._alarms import NOT_JUDGED
from hardened_eks.hook._code import CODE
from hardened_eks.hook.variables import FAIL_ON, JUDGE, OWN_STACK, SUFFIX, TEMPLATE_WAIVERS, WAIVERS
from tests.detections.metric_filters import matches
from tests.governance.built import ACCOUNT, REGION, of, rendered
from tests.hook import events
from tests.hook.asking import ask
from tests.iam import Policies, Request, evaluate
from tests.linting import lint

ENVIRONMENT = cdk.Environment(account=ACCOUNT, region=REGION)
HOOK, FUNCTION, ROLE = "AWS::CloudFormation::LambdaHook", "AWS::Lambda::Function", "AWS::IAM::Role"
SIGNED = {
    "bucket_name": "signed-code",
    "key": "signed/code.zip",
    "version": "v1",
    "config_arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:code-signing-config:csc-0123456789abcdef0",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with a hook, judged by our checks and by every pack."""
    directory: Path = tmp_path_factory.mktemp("out")
    app = cdk.App(outdir=str(directory))
    cdk.Tags.of(app).add("application", "platform")
    stack = cdk.Stack(app, "Hook", env=ENVIRONMENT)
    hardened.Hook(stack, "Hook", alerts=hardened.alerts.Topic(stack, "Alerts"), waivers_parameter="/eks/waivers")
    cdk.Validations.of(app).add_plugins(hardened.Checks(), *packs())
    app.synth()  # or it raises with what they found
    return directory


@pytest.fixture(scope="module")
def template(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "Hook.template.json").read_text())
    return found


@pytest.fixture(scope="module")
def chosen() -> dict[str, Any]:
    """A hook with everything chosen."""
    stack = cdk.Stack(cdk.App(), "Chosen", env=ENVIRONMENT)
    hardened.Hook(
        stack, "Hook", alerts=hardened.alerts.nobody(reason="a test"), failure_mode="FAIL", judge="all", fail_on="high",
        targets=["STACK"], excluded_stacks=["legacy-*", "StackSet-*"], template_waivers=False, namespace="Payments",
        keys=hardened.Keys(stack, "Mine"), log_retention_days=30, signed_code=hardened.SignedCode(**SIGNED),
    )  # fmt: skip
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def hooks(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {r["Properties"]["Alias"]: r["Properties"] for r in template["Resources"].values() if r["Type"] == HOOK}


def test_cfn_lint_finds_nothing(out: Path) -> None:
    assert lint(out / "Hook.template.json") == (0, "")


class TestHooks:
    def test_all_targets_in_two_hooks_that_warn(self, template: dict[str, Any]) -> None:
        found = hooks(template)
        assert {alias: one["TargetOperations"] for alias, one in found.items()} == {
            "HardenedEks::Stacks::Hook": ["STACK", "CHANGE_SET", "RESOURCE"],
            "HardenedEks::CloudControl::Hook": ["CLOUD_CONTROL"],
        }
        for one in found.values():
            assert (one["FailureMode"], one["HookStatus"]) == ("WARN", "ENABLED")
            assert one["TargetFilters"] == {"Actions": ["CREATE", "UPDATE"]}

    def test_it_leaves_its_own_stack_alone(self, template: dict[str, Any]) -> None:
        """Filters by stack count for a hook without Cloud Control alone, hence two."""
        found = hooks(template)
        excluded = {"FilteringCriteria": "ALL", "StackNames": {"Exclude": [{"Ref": "AWS::StackName"}]}}
        assert found["HardenedEks::Stacks::Hook"]["StackFilters"] == excluded
        assert "StackFilters" not in found["HardenedEks::CloudControl::Hook"]
        function = of(template, FUNCTION)["Properties"]
        assert function["Environment"]["Variables"][OWN_STACK] == {"Ref": "AWS::StackName"}

    def test_it_is_the_last_to_be_created(self, template: dict[str, Any]) -> None:
        """And with that the first to be deleted."""
        resources = template["Resources"]
        for one in [r for r in resources.values() if r["Type"] == HOOK]:
            awaited = {resources[name]["Type"] for name in one["DependsOn"]}
            assert awaited == {"AWS::CloudWatch::Alarm", "AWS::Logs::MetricFilter"}
            assert (
                "Fn::GetAtt" in one["Properties"]["LambdaFunction"]
                and "Fn::GetAtt" in one["Properties"]["ExecutionRole"]
            )

    def test_as_chosen(self, chosen: dict[str, Any]) -> None:
        ((alias, one),) = hooks(chosen).items()
        assert (alias, one["FailureMode"], one["TargetOperations"]) == ("Payments::Stacks::Hook", "FAIL", ["STACK"])
        assert one["StackFilters"]["StackNames"]["Exclude"] == [{"Ref": "AWS::StackName"}, "legacy-*", "StackSet-*"]
        function = of(chosen, FUNCTION)["Properties"]
        assert function["Environment"]["Variables"] == {
            JUDGE: "all", FAIL_ON: "high", TEMPLATE_WAIVERS: "no", OWN_STACK: {"Ref": "AWS::StackName"},
            SUFFIX: {"Ref": "AWS::URLSuffix"},
        }  # fmt: skip
        assert function["Code"] == {"S3Bucket": "signed-code", "S3Key": "signed/code.zip", "S3ObjectVersion": "v1"}
        assert function["CodeSigningConfigArn"] == SIGNED["config_arn"]
        assert [i for i, r in chosen["Resources"].items() if r["Type"] == "AWS::KMS::Key"] and all(
            i.startswith("Mine") for i, r in chosen["Resources"].items() if r["Type"] == "AWS::KMS::Key"
        )
        assert of(chosen, "AWS::Logs::LogGroup")["Properties"]["RetentionInDays"] == 30


class TestFunction:
    def test_its_settings(self, template: dict[str, Any], out: Path) -> None:
        function = of(template, FUNCTION)["Properties"]
        assert (function["Handler"], function["Timeout"], function["MemorySize"]) == (CODE.handler, 30, 1024)
        assert function["KmsKeyArn"] and function["TracingConfig"] == {"Mode": "Active"}
        assert "VpcConfig" not in function and "ReservedConcurrentExecutions" not in function
        assert function["Environment"]["Variables"] == {
            JUDGE: "eks", FAIL_ON: "low", TEMPLATE_WAIVERS: "yes", OWN_STACK: {"Ref": "AWS::StackName"},
            SUFFIX: {"Ref": "AWS::URLSuffix"}, WAIVERS: "/eks/waivers",
        }  # fmt: skip
        log = of(template, "AWS::Logs::LogGroup", "HookFunctionLog")["Properties"]
        assert log["RetentionInDays"] == 365 and log["KmsKeyId"] != function["KmsKeyArn"]
        (asset,) = out.glob("asset.*.zip")
        assert asset.read_bytes() == CODE.archive()

    def test_what_its_role_may_do(self, template: dict[str, Any]) -> None:
        found = {i: r["Properties"] for i, r in template["Resources"].items() if r["Type"] == "AWS::IAM::ManagedPolicy"}
        statements = rendered(next(p for i, p in found.items() if "FunctionRole" in i))["PolicyDocument"]["Statement"]
        policies = Policies(identity=({"Version": "2012-10-17", "Statement": statements},))

        def may(action: str, resource: str) -> bool:
            request = Request(action=action, resource=resource, principal=f"arn:aws:iam::{ACCOUNT}:role/x", context={})
            return bool(evaluate(request, policies))

        parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
        assert may("ssm:GetParameter", f"{parameter}/eks/waivers")
        assert not may("ssm:GetParameter", f"{parameter}/eks/other")
        assert not may("ssm:PutParameter", f"{parameter}/eks/waivers")
        for action in ("s3:GetObject", "cloudformation:GetTemplate", "eks:DescribeCluster", "logs:CreateLogGroup"):
            assert not may(action, "*")

    def test_who_calls_it(self, template: dict[str, Any]) -> None:
        role = rendered(of(template, ROLE, "Caller")["Properties"])
        (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trusted["Principal"] == {"Service": "hooks.cloudformation.amazonaws.com"}
        (statement,) = of(template, "AWS::IAM::ManagedPolicy", "CallerPolicy")["Properties"]["PolicyDocument"][
            "Statement"
        ]
        function = next(i for i, r in template["Resources"].items() if r["Type"] == FUNCTION)
        assert statement == {
            "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": {"Fn::GetAtt": [function, "Arn"]},
        }  # fmt: skip
        assert not [r for r in template["Resources"].values() if r["Type"] == "AWS::Lambda::Permission"]

    def test_without_a_parameter_it_reads_none(self, chosen: dict[str, Any]) -> None:
        assert "ssm:" not in json.dumps(chosen)

    def test_its_code_can_be_written_for_signing(self, tmp_path: Path) -> None:
        digest = hardened.Hook.write_code(tmp_path / "code.zip")
        assert (tmp_path / "code.zip").read_bytes() == CODE.archive()
        assert digest == CODE.digest()


class TestAlarms:
    def test_who_is_told_of_what(self, template: dict[str, Any]) -> None:
        alarms = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
        topic = next(i for i, r in template["Resources"].items() if r["Type"] == "AWS::SNS::Topic")
        assert all(one["AlarmActions"] == [{"Ref": topic}] for one in alarms)
        of_lambda = {one["MetricName"] for one in alarms if one["Namespace"] == "AWS/Lambda"}
        assert of_lambda == {"Errors", "Throttles"} and len(alarms) == 3

    def test_the_filter_finds_what_the_function_logs(self, template: dict[str, Any]) -> None:
        filter_ = of(template, "AWS::Logs::MetricFilter")["Properties"]
        alarm = of(template, "AWS::CloudWatch::Alarm", "AlarmsNotJudged")["Properties"]
        (transformed,) = filter_["MetricTransformations"]
        assert (transformed["MetricName"], transformed["MetricNamespace"]) == (alarm["MetricName"], alarm["Namespace"])
        assert filter_["FilterPattern"] == NOT_JUDGED
        assert matches(NOT_JUDGED, ask({}).lines[0])
        assert not matches(NOT_JUDGED, ask(events.resource("AWS::S3::Bucket", {})).lines[0])


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    """Never synthesized."""
    return cdk.Stack(cdk.App(), "Bad", env=ENVIRONMENT)


class TestFails:
    def problems(self, stack: cdk.Stack, **arguments: Any) -> list[str]:
        before = len(stack.node.children)
        with pytest.raises(ConfigurationError) as caught:
            hardened.Hook(stack, "Hook", **{"alerts": hardened.alerts.nobody(reason="a test"), **arguments})
        assert len(stack.node.children) == before
        return list(caught.value.problems)

    def test_with_every_mistake_at_once(self, stack: cdk.Stack) -> None:
        found = self.problems(
            stack, alerts="me", failure_mode="BLOCK", judge="some", fail_on="none", targets=[], excluded_stacks="x",
            waivers_parameter="/aws/x", template_waivers="yes", namespace="AWSx", keys=1, log_retention_days=91,
            signed_code="x",
        )  # fmt: skip
        assert sorted(text.split(" ")[0] for text in found) == sorted([
            "alerts", "failure_mode", "judge", "fail_on", "targets", "excluded_stacks", "waivers_parameter",
            "template_waivers", "namespace", "keys", "log_retention_days", "signed_code",
        ])  # fmt: skip

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"targets": ["STACKS"]}, "targets needs a list of 'STACK', 'CHANGE_SET', 'RESOURCE', 'CLOUD_CONTROL', each once"),
        ({"targets": "STACK"}, "got 'STACK'"), ({"targets": ["STACK", "STACK"]}, "each once"),
        ({"excluded_stacks": ["a b"]}, "excluded_stacks needs names of stacks"), ({"excluded_stacks": [1]}, "got 1"),
        ({"excluded_stacks": ["a", "a"]}, "names 'a' twice"), ({"excluded_stacks": ["a"] * 50}, "at most 49"),
        ({"waivers_parameter": "a b"}, "such as '/eks/waivers'"), ({"waivers_parameter": "x//y"}, "got 'x//y'"),
        ({"waivers_parameter": ""}, "got ''"), ({"namespace": "a-b"}, "namespace needs 2 to 64 letters"),
        ({"code_bucket_prefix": "Acme"}, "code_bucket_prefix needs the prefix of the buckets' names"),
        ({"code_bucket_prefix": "acme", "signed_code": hardened.SignedCode(**SIGNED)}, "both name the location of the code"),
        ({"failure_mode": "warn"}, "failure_mode needs one of 'WARN', 'FAIL', got 'warn'"),
    ])  # fmt: skip
    def test_with_what_cannot_be(self, stack: cdk.Stack, arguments: dict[str, Any], words: str) -> None:
        (found,) = self.problems(stack, **arguments)
        assert words in found
