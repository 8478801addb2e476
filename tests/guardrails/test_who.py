"""Who can take the creator, break-glass and cluster roles, from templates."""

import json
from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.guardrails import Settings
from hardened_eks.guardrails.who import Role, as_json, as_text, who

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ANA = "arn:aws:iam::123456789012:user/ana"


def role(
    principal: Any, action: Any = "sts:AssumeRole", name: str = "", effect: str = "Allow", **condition: Any
) -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": principal, "Action": action}
    statement |= {"Condition": condition} if condition else {}
    properties = {"AssumeRolePolicyDocument": {"Statement": [statement]}} | ({"RoleName": name} if name else {})
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def entry(principal: Any, policy: str = ADMIN) -> dict[str, Any]:
    policies = [{"PolicyArn": policy, "AccessScope": {"Type": "cluster"}}]
    return {
        "Type": "AWS::EKS::AccessEntry",
        "Properties": {"ClusterName": "c", "PrincipalArn": principal, "AccessPolicies": policies},
    }


def arn(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def passes(resource: Any, effect: str = "Allow", action: str = "iam:PassRole", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": action, "Resource": resource} | (
        {"Condition": condition} if condition else {}
    )
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}


CLOUDFORMATION = {"Service": "cloudformation.amazonaws.com"}


def found(settings: Settings | None = None, **resources: Any) -> tuple[Role, ...]:
    return who(Assembly([Template("Payments", {"Resources": resources})]), settings or Settings())


def test_the_three_parts() -> None:
    roles = found(
        Glass=role({"AWS": ANA}), Entry=entry(arn("Glass")), Maker=role(CLOUDFORMATION, name="hardened-eks-creator"),
        Control=role({"Service": "eks.amazonaws.com"}), Node=role({"Service": "ec2.amazonaws.com"}),
        Cluster={"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": arn("Control")}},
        Viewer=entry(arn("Node"), ADMIN.replace("ClusterAdmin", "View")),
        BackupsRole=role({"Service": "backup.amazonaws.com"}),
        Never=role({"Service": "backup.amazonaws.com"}, effect="Deny"),
    )  # fmt: skip
    assert [(one.part, one.role) for one in roles] == [
        ("backup", "Payments/BackupsRole"), ("break-glass", "Payments/Glass"), ("cluster", "Payments/Control"), ("creator", "Payments/Maker"),
    ]  # fmt: skip
    assert [[(way.who, way.how) for way in one.ways] for one in roles] == [
        [("backup.amazonaws.com", "trust")], [(ANA, "trust")], [("eks.amazonaws.com", "trust")], [("cloudformation.amazonaws.com", "trust")],
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "resource", "expected"), [
    ("hardened-eks-creator", "Maker", "hardened-eks-creator*"),
    ("their-creator", "Maker", ""),
    ("", "Maker", ""),
])  # fmt: skip
def test_names_are_held_against_the_guardrails(name: str, resource: str, expected: str) -> None:
    (one,) = found(**{resource: role(CLOUDFORMATION, name=name)})
    assert one.named_by == expected


def test_a_generated_name_is_foretold() -> None:
    glass = {"ClusterBreakGlassRole53FF8010": role({"AWS": ANA})}
    (one,) = found(**glass, Entry=entry(arn("ClusterBreakGlassRole53FF8010")))
    assert (one.name, one.named_by) == ("Payments-ClusterBreakGlassRole53F-...", "*BreakGlass*")
    deep = "PlatformPaymentsProductionBreakGlassRole0A1B"
    (lost,) = found(**{deep: role({"AWS": ANA})}, Entry=entry(arn(deep)))
    assert (lost.name, lost.named_by) == ("Payments-PlatformPaymentsProducti-...", "")


def test_conditions_refusals_and_other_actions() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"aws:SourceAccount": ["1", "2"]}}
    (one,) = found(Glass=role({"AWS": [ANA, "*"]}, **condition), Entry=entry(arn("Glass")))
    wanted = ("bool aws:multifactorauthpresent true", "stringequals aws:sourceaccount 1, 2")
    assert [(way.who, way.conditions) for way in one.ways] == [(ANA, wanted), ("*", wanted)]
    (tags,) = found(Glass=role({"AWS": ANA}, "sts:TagSession"), Entry=entry(arn("Glass")))
    assert tags.ways == ()
    (sealed,) = found(Glass=role({"AWS": "*"}, effect="Deny"), Entry=entry(arn("Glass")))
    assert [way.refused for way in sealed.ways] == [True]
    (web,) = found(Glass=role({"Federated": "idp"}, "sts:AssumeRoleWithSAML"), Entry=entry(arn("Glass")))
    assert [way.who for way in web.ways] == ["idp"]


@pytest.mark.parametrize(("resource", "expected"), [
    ("*", True),
    ("arn:aws:iam::123456789012:role/hardened-eks-*", True),
    ({"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/hardened-eks-creator"}, True),
    ({"Fn::GetAtt": ["Maker", "Arn"]}, True),
    ({"Fn::GetAtt": ["Other", "Arn"]}, False),
    ("arn:aws:iam::123456789012:role/app-*", False),
    ("arn:aws:s3:::bucket", False),
    ("role/hardened-eks-creator", False),
])  # fmt: skip
def test_who_passes_the_role_on(resource: Any, expected: bool) -> None:
    roles = found(
        Maker=role(CLOUDFORMATION, name="hardened-eks-creator"), Other=role({"Service": "ec2.amazonaws.com"}),
        People=passes(resource, StringEquals={"iam:PassedToService": "cloudformation.amazonaws.com"}),
        Reads=passes("*", action="iam:GetRole"),
    )  # fmt: skip
    ways = [(way.who, way.conditions) for one in roles for way in one.ways if way.how == "passes"]
    wanted = ("stringequals iam:passedtoservice cloudformation.amazonaws.com",)
    assert ways == ([("Payments/People", wanted)] if expected else [])


@pytest.mark.parametrize(("account", "expected"), [("123456789012", True), ("999988887777", False), ("*", True)])
def test_a_role_of_another_account_is_another(account: str, expected: bool) -> None:
    resources = {
        "Maker": role(CLOUDFORMATION, name="hardened-eks-creator"),
        "People": passes(f"arn:aws:iam::{account}:role/hardened-eks-creator"),
    }
    template = Template("Payments", {"Resources": resources})
    template.account = "123456789012"
    (one,) = who(Assembly([template]), Settings())
    assert ("Payments/People" in [way.who for way in one.ways]) == expected


def test_an_administrator_outside_the_templates() -> None:
    (one,) = found(Entry=entry("arn:aws:iam::123456789012:role/ops/payments-break-glass"))
    assert (one.role, one.named_by) == ("arn:aws:iam::123456789012:role/ops/payments-break-glass", "*break-glass*")
    assert [way.how for way in one.ways] == ["entry"]
    (other,) = found(Entry=entry("arn:aws:iam::123456789012:role/ops"))
    assert "no guardrail pattern matches its name" in as_text([other])


def test_text_and_json() -> None:
    roles = found(
        Maker=role(CLOUDFORMATION, name="their-creator"), People=passes("*"), Not=passes("*", "Deny"),
        Nobody={"Type": "AWS::IAM::Role", "Properties": {}}, Entry=entry(arn("Nobody")),
    )  # fmt: skip
    assert as_text(roles).splitlines() == [
        "break-glass  Payments/Nobody  Payments-Nobody-...",
        "    no guardrail pattern matches its name, so the guardrails apply to it",
        "    Payments/People  passes it to a service",
        "    Payments/Not  passes it to a service: denied",
        "creator  Payments/Maker  their-creator",
        "    no guardrail pattern matches its name, so the guardrails apply to it",
        "    cloudformation.amazonaws.com  may assume it",
        "    Payments/People  passes it to a service",
        "    Payments/Not  passes it to a service: denied",
        "2 roles",
    ]
    assert [one["part"] for one in json.loads(as_json(roles))] == ["break-glass", "creator"]
    assert as_text(()) == "0 roles\n"
