"""The hook, as CloudFormation creates it, and its function as AWS Lambda runs it. The emulator itself calls no hooks."""

from __future__ import annotations

import copy
import json
from fnmatch import fnmatchcase
from typing import Any

import aws_cdk as cdk
import boto3
import pytest
from botocore.config import Config

import hardened_eks as hardened
from hardened_eks.hook._code import CODE
from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT, REGION
from tests.hook import events

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
FUNCTION, HOOK = "AWS::Lambda::Function", "AWS::CloudFormation::LambdaHook"
OPEN = {"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/one"}}
WAIVED = {"waivers": [{"control": "CP-01", "resource": "*", "reason": "SEC-1", "until": "2027-06-30"}]}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    app = cdk.App()
    stack = cdk.Stack(app, "Hook", env=cdk.Environment(account=ACCOUNT, region=REGION))
    hardened.Hook(stack, "Hook", alerts=hardened.alerts.Topic(stack, "Alerts"), waivers_parameter="/eks/waivers")
    found: dict[str, Any] = app.synth().get_stack_by_name("Hook").template
    return found


def ids(template: dict[str, Any], type_: str) -> list[str]:
    return [i for i, r in template["Resources"].items() if r["Type"] == type_]


def s3(account: Account) -> Any:
    return boto3.client(
        "s3", endpoint_url=account.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}, signature_version="s3v4"),
    )  # fmt: skip


def upload(account: Account, template: dict[str, Any]) -> None:
    """Put the code where `cdk deploy` puts assets."""
    (function,) = ids(template, FUNCTION)
    code = template["Resources"][function]["Properties"]["Code"]
    s3(account).create_bucket(Bucket=code["S3Bucket"])
    s3(account).put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=CODE.archive())


def presigned(account: Account, payload: dict[str, Any]) -> str:
    """Keep a payload as CloudFormation does, and return the URL for which no credentials are needed."""
    api = s3(account)
    api.create_bucket(Bucket="cfn-hooks")
    api.put_object(Bucket="cfn-hooks", Key="payload", Body=json.dumps(payload).encode())
    url: str = api.generate_presigned_url("get_object", Params={"Bucket": "cfn-hooks", "Key": "payload"})
    return url


def call(account: Account, function: str, event: dict[str, Any]) -> dict[str, Any]:
    answer = account.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    assert payload["clientRequestToken"] == events.TOKEN
    return payload


def test_the_deployed_function_judges_all_four_targets(account: Account, template: dict[str, Any]) -> None:
    upload(account, template)
    made = account.deploy("Hook", template)
    assert len(ids(template, HOOK)) == 2
    function = made[ids(template, FUNCTION)[0]]
    told = account.client("lambda").get_function_configuration(FunctionName=function)
    assert (told["Handler"], told["Runtime"], told["Timeout"]) == (CODE.handler, "python3.14", 30)

    def ask(event: dict[str, Any]) -> tuple[str, str]:
        answer = call(account, function, event)
        return answer["hookStatus"], answer["message"]

    body = json.dumps({"Resources": {"Cluster": OPEN}})
    url = presigned(account, {"template": body})
    status, message = ask(events.stack(url=url))
    assert status == "FAILED" and "CP-01 [high] Cluster.ResourcesVpcConfig.EndpointPublicAccess" in message
    account.client("ssm").put_parameter(Name="/eks/waivers", Value=json.dumps(WAIVED), Type="String")

    moved = json.dumps(
        {"Resources": {"Cluster": {**OPEN, "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/two"}}}}
    )
    url = presigned(account, {"template": moved, "previousTemplate": body})
    status, message = ask(events.stack("UPDATE", url=url))
    assert (status, "the cluster is replaced" in message) == ("FAILED", True)

    bucket = json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}})
    url = presigned(account, {"template": bucket, "changedResources": []})
    assert ask(events.change_set(url=url)) == ("SUCCESS", "hardened-eks: no EKS here")
    assert ask(events.resource("AWS::EKS::Cluster", OPEN["Properties"]))[0] == "FAILED"
    assert ask(events.cloud_control("AWS::S3::Bucket", {})) == ("SUCCESS", "hardened-eks: no EKS here")
    status, message = ask(events.stack(url=url.replace("cfn-hooks", "gone")))
    assert status == "FAILED" and message.startswith("hardened-eks: not evaluated, which is not a pass")


class Stopped(AssertionError):
    """A hook in FAIL has refused the operation."""


class WithHooks:
    """CloudFormation with hooks, of which the emulator has none: it asks them before it deploys, as the guide says."""

    def __init__(self, account: Account, template: dict[str, Any], made: dict[str, str]) -> None:
        self.account = account
        self.function = made[ids(template, FUNCTION)[0]]
        self.hooks = [template["Resources"][name]["Properties"] for name in ids(template, HOOK)]
        self.warnings: list[str] = []
        self.asked: list[str] = []

    def deploy(self, name: str, body: dict[str, Any]) -> None:
        """Create or update a stack."""
        before = self.deployed(name)
        action = "CREATE" if before is None else "UPDATE"
        for hook in self.hooks:
            excluded = [one if isinstance(one, str) else "Hook" for one in _excluded(hook)]  # the own stack: a Ref
            skipped = any(fnmatchcase(name, pattern) for pattern in excluded)
            if "STACK" in hook["TargetOperations"] and action in hook["TargetFilters"]["Actions"] and not skipped:
                self.asked.append(name)
                self._ask(hook, name, action, body, before)
        self.account.deploy(name, body)

    def deployed(self, name: str) -> str | None:
        try:
            found = self.account.client("cloudformation").get_template(StackName=name)["TemplateBody"]
        except self.account.client("cloudformation").exceptions.ClientError:
            return None
        return found if isinstance(found, str) else json.dumps(found)

    def _ask(self, hook: Any, name: str, action: str, body: dict[str, Any], before: str | None) -> None:
        payload = {"template": json.dumps(body), **({} if before is None else {"previousTemplate": before})}
        answer = call(
            self.account, self.function, events.stack(action, name=name, url=presigned(self.account, payload))
        )
        if answer["hookStatus"] == "FAILED" and hook["FailureMode"] == "FAIL":
            raise Stopped(answer["message"])
        if answer["hookStatus"] == "FAILED":
            self.warnings.append(answer["message"])


def _excluded(hook: dict[str, Any]) -> list[Any]:
    found: list[Any] = hook.get("StackFilters", {}).get("StackNames", {}).get("Exclude", [])
    return found


def test_what_fails_is_stopped_or_warned_of_and_the_rest_goes_on(account: Account, template: dict[str, Any]) -> None:
    upload(account, template)
    warning = WithHooks(account, template, account.deploy("Hook", template))
    unsafe = {
        "Resources": {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/eks/a/cluster"}}}
    }
    warning.deploy("Logs", unsafe)
    assert [one for one in warning.warnings if "LG-" in one] and warning.deployed("Logs")
    strict = copy.deepcopy(template)
    for name in ids(strict, HOOK):
        strict["Resources"][name]["Properties"]["FailureMode"] = "FAIL"
    failing = WithHooks(account, strict, account.deploy("Hook", strict))
    with pytest.raises(Stopped, match="LG-"):
        failing.deploy("MoreLogs", unsafe)
    assert failing.deployed("MoreLogs") is None
    failing.deploy("Queue", {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    failing.deploy("Hook", template)
    assert failing.asked == ["MoreLogs", "Queue"]  # never for its own stack
