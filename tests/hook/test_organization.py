"""The hook for an organization: the stack set, what it deploys, and every mistake of a call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.controls import CATALOGUE
from hardened_eks.errors import ConfigurationError
from hardened_eks.hook._code import CODE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import from_bodies
from tests.governance.built import of
from tests.linting import READS_THE_CALENDAR

UNITS = ["ou-ab12-0123abcd"]


def topic(scope: Any) -> Any:
    return hardened.alerts.Topic(scope, "Alerts")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Everywhere")
    cdk.Tags.of(stack).add("application", "platform")
    hardened.OrganizationHook(
        stack, "Hook", organizational_units=UNITS, regions=["eu-west-1", "eu-central-1"],
        code_bucket_prefix="acme-hook-code", alerts=topic, delegated=True, fail_on="high",
        waivers_parameter="/eks/waivers", excluded_stacks=["legacy-*"],
        tags={"application": "platform"},
    )  # fmt: skip
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture(scope="module")
def inner(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(of(template, "AWS::CloudFormation::StackSet")["Properties"]["TemplateBody"])
    return found


def test_the_stack_set_is_service_managed(template: dict[str, Any]) -> None:
    found = of(template, "AWS::CloudFormation::StackSet")["Properties"]
    assert (found["PermissionModel"], found["CallAs"], found["StackSetName"]) == (
        "SERVICE_MANAGED", "DELEGATED_ADMIN", "hardened-eks-hook",
    )  # fmt: skip
    assert found["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": False}
    assert found["StackInstancesGroup"] == [
        {"DeploymentTargets": {"OrganizationalUnitIds": UNITS}, "Regions": ["eu-west-1", "eu-central-1"]}
    ]
    assert found["ManagedExecution"] == {"Active": True} and found["Capabilities"] == ["CAPABILITY_IAM"]
    assert len(found["TemplateBody"]) <= 51_200


def test_each_account_gets_the_hook_with_code_of_its_region(inner: dict[str, Any]) -> None:
    hooks = [r["Properties"] for r in inner["Resources"].values() if r["Type"].endswith("LambdaHook")]
    assert len(hooks) == 2 and {one["FailureMode"] for one in hooks} == {"WARN"}
    function = of(inner, "AWS::Lambda::Function")["Properties"]
    bucket = {"Fn::Join": ["", ["acme-hook-code-", {"Ref": "AWS::Region"}]]}
    assert function["Code"] == {"S3Bucket": bucket, "S3Key": CODE.name}
    assert function["Environment"]["Variables"]["HARDENED_EKS_FAIL_ON"] == "high"
    assert of(inner, "AWS::SNS::Topic") and "legacy-*" in json.dumps(hooks)
    assert set(inner) == {"Resources"}  # no rule and no parameter of a bootstrap
    assert "aws:cdk:path" not in json.dumps(inner)
    assert "123456789012" not in json.dumps(inner)


def test_cfn_lint_finds_nothing(template: dict[str, Any], inner: dict[str, Any], tmp_path: Path) -> None:
    files = []
    for name, body in (("outer", template), ("inner", inner)):
        files.append(tmp_path / f"{name}.template.json")
        files[-1].write_text(json.dumps(body))
    ignored = [part for rule in READS_THE_CALENDAR for part in ("--ignore-checks", rule)]
    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), *files, *ignored], capture_output=True, text=True
    )
    assert (linted.returncode, linted.stdout) == (0, "")


def test_our_checks_judge_what_it_deploys(template: dict[str, Any]) -> None:
    assembly = from_bodies({"Everywhere": template}).assembly
    assert {"AWS::CloudFormation::StackSet", "AWS::Lambda::Function"} <= assembly.types
    found = evaluate(assembly, CATALOGUE, scope="eks")
    assert [(one.control.id, one.subject.id, one.problem.message) for one in found.findings] == []
    assert found.resources > 10


class TestFails:
    GOOD: dict[str, Any] = {
        "organizational_units": UNITS, "regions": ["eu-west-1"], "code_bucket_prefix": "acme", "alerts": topic,
    }  # fmt: skip

    def problems(self, **arguments: Any) -> list[str]:
        stack = cdk.Stack(cdk.App(), "Bad")
        with pytest.raises(ConfigurationError) as caught:
            hardened.OrganizationHook(stack, "Hook", **{**self.GOOD, **arguments})
        assert stack.node.children == []
        return list(caught.value.problems)

    def test_with_every_mistake_at_once(self) -> None:
        found = self.problems(
            organizational_units=[], regions=["mars-1"], code_bucket_prefix="A", alerts=5, name="1x", delegated="no",
            failure_mode="x", targets=["y"], tags=5,
        )  # fmt: skip
        assert [text.split(" ")[0] for text in found] == [
            "organizational_units", "regions", "name", "delegated", "tags", "alerts", "failure_mode", "targets",
            "code_bucket_prefix",
        ]  # fmt: skip

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"organizational_units": ["123456789012"]}, "IDs of organizational units (ou-...-...) or of the root (r-...)"),
        ({"organizational_units": UNITS * 2}, "more than once"), ({"regions": "eu-west-1"}, "regions needs a list"),
        ({"code_bucket_prefix": None}, "code_bucket_prefix needs the prefix of the names of the buckets"),
    ])  # fmt: skip
    def test_with_what_cannot_be(self, arguments: dict[str, Any], words: str) -> None:
        assert words in self.problems(**arguments)[0]
