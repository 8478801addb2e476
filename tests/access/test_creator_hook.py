"""The creator role of governance and the hook: what more it may do, and that it is no more."""

import json
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.access._creator_hook import WILDCARDS
from hardened_eks.errors import ConfigurationError
from tests.access.creator_calls import Call, Calls, request
from tests.access.creator_foreign import foreign
from tests.access.creator_role import allows, asked, refused, statements_of
from tests.access.creator_stacks import Made, iam_arn, made_of
from tests.access.test_creator import LONGEST_POLICY, MOST_POLICIES
from tests.access.test_creator import resolve as longest
from tests.access.test_creator_reach import needless_or_loose
from tests.iam import Request
from tests.stacks.test_wildcards import knows_a_resource

HOOK = "AWS::CloudFormation::LambdaHook"


class HookCalls(Calls):
    """The calls of a stack with a hook."""

    def _by_hand(self) -> Iterator[Call]:
        for made in self.stacks:
            if made.kind == "AWS::IAM::Role":
                yield from self._handed(made)

    def _ec2(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        assert made.kind == "AWS::Lambda::Function" and "VpcConfig" not in made.properties  # what these calls are for
        yield from ()

    def _cloudformation(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield request(f"cloudformation:{action}", "*")

    def _iam(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind == HOOK:
            passed = {"iam:PassedToService": "hooks.cloudformation.amazonaws.com"}
            yield request("iam:PassRole", iam_arn("role/HardenedEks-Caller"), **passed)
        else:
            yield from super()._iam(made, handler, action)


@pytest.fixture(scope="module")
def without() -> list[dict[str, Any]]:
    return statements_of(creates="governance")


@pytest.fixture(scope="module")
def wide() -> list[dict[str, Any]]:
    return statements_of(creates="governance", hook=True)


@pytest.fixture(scope="module")
def hook_calls() -> list[Call]:
    stack = cdk.Stack(cdk.App(), "HardenedEks-Hook")
    hardened.Hook(stack, "Hook", alerts=hardened.alerts.Topic(stack, "Alerts"))
    return HookCalls(made_of({stack.stack_name: Template.from_stack(stack).to_json()})).all()


def test_it_deploys_such_a_stack(wide: list[dict[str, Any]], hook_calls: list[Call]) -> None:
    actions = {call.request.action for call in hook_calls}
    assert {"cloudformation:ActivateType", "lambda:CreateFunction", "kms:Encrypt", "logs:PutMetricFilter"} <= actions
    assert refused(wide, hook_calls) == []


def test_it_does_so_only_where_it_is_told(without: list[dict[str, Any]], hook_calls: list[Call]) -> None:
    found = {line.split(" ")[0].split(":")[0] for line in refused(without, hook_calls)}
    assert found == {"cloudformation", "iam", "kms", "lambda", "logs", "s3"}


ATTACKS = [
    ("cloudformation:ActivateType", "*", {"aws:RequestedRegion": "eu-west-3"}),
    ("cloudformation:RegisterType", "*", {}),
    ("cloudformation:DeleteStack", "cloudformation:R:stack/HardenedEks-1/id", {}),
    ("lambda:UpdateFunctionCode", "lambda:R:function:payroll", {}),
    ("lambda:InvokeFunction", "lambda:R:function:payroll", {}),
    ("lambda:AddPermission", "lambda:R:function:HardenedEks-1", {}),
    ("logs:PutMetricFilter", "logs:R:log-group:payroll", {}),
    ("s3:GetObject", "s3:::payroll/file", {}),
    ("s3:GetObject", "s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/code.zip", {"aws:ResourceAccount": "111122223333"}),
    ("s3:GetObject", "s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/code.zip", {}),
    ("iam:PassRole", "iam::role/Payroll", {"iam:PassedToService": "lambda.amazonaws.com"}),
    ("iam:PassRole", "iam::role/HardenedEks-1", {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "Payments-1", "kms:ViaService": "lambda.eu-central-1.amazonaws.com"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
    ("kms:Encrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1"}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "resource", "context"), ATTACKS)
def test_what_stays_out_of_reach(
    wide: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]
) -> None:
    assert not allows(wide, asked(action, resource, context))


def test_every_part_of_what_is_more_is_needed_and_as_narrow_as_can_be(
    wide: list[dict[str, Any]], without: list[dict[str, Any]], hook_calls: list[Call]
) -> None:
    attacks = [asked(*one) for one in ATTACKS]
    denied = attacks + [o.request for c in hook_calls for o in foreign(c) if not allows(wide, o.request)]
    added = [statement for statement in wide if statement not in without]
    assert len(added) == 6  # hooks, functions, filters, code, key, roles that may be passed
    assert "\n".join(needless_or_loose(wide, added, hook_calls, denied)) == ""


def test_the_reference_confirms_that_its_wildcard_cannot_be_narrower(wide: list[dict[str, Any]]) -> None:
    (statement,) = [one for one in wide if one.get("Sid") in WILDCARDS]
    assert not any(knows_a_resource(action) for action in statement["Action"])


def test_the_policies_fit_with_the_longest_names() -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(
        stack, "Creator", stack_prefix="Q" * 24, permissions_boundary="b" * 128, cluster_prefix="c" * 40,
        creates="governance", hook=True,
    )  # fmt: skip
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    lengths = [len(json.dumps(longest(p["Properties"]["PolicyDocument"]), separators=(",", ":"))) for p in policies]
    assert len(lengths) <= MOST_POLICIES
    assert max(lengths) < LONGEST_POLICY


@pytest.mark.parametrize(("arguments", "words"), [
    ({"hook": "yes", "creates": "governance"}, "hook needs True or False, got 'yes'"),
    ({"hook": True}, "hook is only for a role with creates='governance'"),
])  # fmt: skip
def test_fails(arguments: dict[str, Any], words: str) -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    with pytest.raises(ConfigurationError, match=words):
        hardened.CreatorRole(stack, "Creator", stack_prefix="HardenedEks", **arguments)
