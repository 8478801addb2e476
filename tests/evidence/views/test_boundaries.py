"""What is a permissions boundary: nothing that leaves one way out, and nothing that is given to somebody."""

from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.views.boundaries import is_boundary
from hardened_eks.evidence.views.iam import all_statements, attached_statements, own_statements
from hardened_eks.testing import assert_hardened
from tests.controls.access.boundary_only_bounds import CARRY, EVERYBODY, FIXED, KEEP, LIMITS, MAKES, OWN, refuses
from tests.controls.access.base import on

ALL = on("*", "*")


def policy(*statements: Any, type_: str = "AWS::IAM::ManagedPolicy", **more: Any) -> Any:
    properties = {
        "ManagedPolicyName": "people",
        "Path": "/limits/",
        "PolicyDocument": {"Statement": list(statements)},
        **more,
    }
    return Template("Stack", {"Resources": {"Limits": {"Type": type_, "Properties": properties}}}).resources["Limits"]


def limits(resource: Any) -> bool:
    return is_boundary(resource, [statement for _, statement in all_statements(resource)])


@pytest.mark.parametrize("statements", [
    LIMITS,
    [ALL, CARRY, refuses("iam:*", "*")],
    [ALL, CARRY, KEEP, refuses("iam:*PolicyVersion", OWN)],
    [CARRY, KEEP, FIXED],
])  # fmt: skip
def test_a_boundary(statements: list[Any]) -> None:
    assert limits(policy(*statements))


@pytest.mark.parametrize("statements", [
    [ALL], [ALL, KEEP, FIXED], [ALL, CARRY, FIXED], [ALL, CARRY, KEEP],
    [ALL, refuses(MAKES[:3], "*", StringNotLike={"iam:PermissionsBoundary": OWN}), KEEP, FIXED],
    [ALL, refuses(MAKES, "*"), KEEP, FIXED],
    [ALL, refuses(MAKES, "*", StringLike={"iam:PermissionsBoundary": OWN}), KEEP, FIXED],
    [ALL, refuses(MAKES, "*", StringNotLike={"iam:PermissionsBoundary": [OWN, "*"]}), KEEP, FIXED],
    [ALL, refuses(MAKES, "*", StringNotLike={"iam:PermissionsBoundary": OWN, "aws:PrincipalTag/a": "b"}), KEEP, FIXED],
    [ALL, refuses(MAKES, "*", StringNotLike={"iam:PermissionsBoundary": OWN}, Bool={"aws:MultiFactorAuthPresent": "true"}),
     KEEP, FIXED],
    [ALL, refuses(MAKES, EVERYBODY, StringNotLike={"iam:PermissionsBoundary": OWN}), KEEP, FIXED],
    [ALL, CARRY, refuses("iam:Delete*PermissionsBoundary", EVERYBODY[0]), FIXED],
    [ALL, CARRY, refuses("iam:DeleteRolePermissionsBoundary", "*"), FIXED],
    [ALL, CARRY, refuses("iam:Delete*PermissionsBoundary", "*", Bool={"aws:MultiFactorAuthPresent": "false"}), FIXED],
    [ALL, CARRY, KEEP, refuses("iam:CreatePolicyVersion", OWN)],
    [ALL, CARRY, KEEP, refuses("iam:*PolicyVersion", "arn:aws:iam::123456789012:policy/people")],
    [ALL, *({**statement, "Effect": "Allow"} for statement in (CARRY, KEEP, FIXED))],
])  # fmt: skip
def test_no_boundary(statements: list[Any]) -> None:
    assert not limits(policy(*statements))


@pytest.mark.parametrize("more", [
    {"ManagedPolicyName": None}, {"ManagedPolicyName": {"Ref": "Name"}}, {"Path": "/"}, {"Roles": ["admin"]},
    {"Users": [{"Ref": "Ana"}]}, {"Groups": ["admins"]}, {"type_": "AWS::IAM::Policy"},
])  # fmt: skip
def test_no_boundary_by_its_properties(more: dict[str, Any]) -> None:
    assert not limits(policy(*LIMITS, **more))


def test_it_gives_nothing_but_to_whom_it_is_attached() -> None:
    body = {
        "Limits": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
            "ManagedPolicyName": "people", "Path": "/limits/", "PolicyDocument": {"Statement": LIMITS}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [{"Ref": "Limits"}]}},
    }  # fmt: skip
    template = Template("Stack", {"Resources": body})
    assert [statement.effect for _, statement in own_statements(template.resources["Limits"])] == ["Deny"] * 3
    attached = [one.effect for _, _, one in attached_statements(template.resources["Role"], Assembly([template]))]
    assert attached == ["Allow", "Deny", "Deny", "Deny"]


def test_the_constructs_policy_is_one() -> None:
    import aws_cdk as cdk

    import hardened_eks as hardened

    app = cdk.App()
    cdk.Tags.of(app).add("application", "limits")
    hardened.PermissionsBoundary(cdk.Stack(app, "Limits"), "Boundary", name="limits/people")
    assert assert_hardened(app, scope="all").verdict == "pass"
