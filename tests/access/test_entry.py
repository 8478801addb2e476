from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.access import AccessPolicy
from hardened_eks.data.access_policies import NAMES
from hardened_eks.errors import ConfigurationError

ENTRY = "AWS::EKS::AccessEntry"
ROLE = "arn:aws:iam::123456789012:role/team/developers"


@pytest.fixture(scope="module")
def cluster() -> Any:
    """A cluster of another stack: an access entry needs no more than its name."""
    return hardened.Cluster.from_cluster_attributes(cdk.Stack(cdk.App(), "Access"), "Cluster", name="payments")


COUNTER = iter(range(10_000))


def add(cluster: Any, **arguments: Any) -> hardened.AccessEntry:
    given = {"principal": ROLE, "policy": AccessPolicy.VIEW, **arguments}
    return hardened.AccessEntry(cluster, f"Entry{next(COUNTER)}", cluster=cluster, **given)


def properties(**arguments: Any) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Access")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    add(cluster, **{k: v(stack) if callable(v) else v for k, v in arguments.items()})
    return next(iter(Template.from_stack(stack).find_resources(ENTRY).values()))["Properties"]


def test_a_role_sees_the_whole_cluster_by_default() -> None:
    assert properties() == {
        "AccessPolicies": [{
            "AccessScope": {"Type": "cluster"},
            "PolicyArn": {"Fn::Join": ["", [
                "arn:", {"Ref": "AWS::Partition"}, ":eks::aws:cluster-access-policy/AmazonEKSViewPolicy"]]},
        }],
        "ClusterName": "payments", "PrincipalArn": ROLE, "Type": "STANDARD",
        "Tags": [{"Key": "hardened-eks:owner", "Value": {"Ref": "AWS::StackName"}}],
    }  # fmt: skip


def test_groups_stand_without_a_policy_or_beside_it() -> None:
    alone = properties(policy=None, groups=["payments-developer"])
    assert (alone["KubernetesGroups"], "AccessPolicies" in alone) == (["payments-developer"], False)
    both = properties(policy=AccessPolicy.VIEW, groups=["payments-developer", "payments-operator"])
    assert (both["KubernetesGroups"], len(both["AccessPolicies"])) == (["payments-developer", "payments-operator"], 1)


def test_namespaces_narrow_it() -> None:
    policies = properties(policy=AccessPolicy.EDIT, namespaces=["billing", "dev-*"])["AccessPolicies"]
    assert [p["AccessScope"] for p in policies] == [{"Type": "namespace", "Namespaces": ["billing", "dev-*"]}]


@pytest.mark.parametrize(("principal", "arn"), [
    (lambda scope: iam.Role.from_role_arn(scope, "Mine", ROLE), ROLE),
    (lambda _: iam.ArnPrincipal(ROLE), ROLE),
    (lambda _: cdk.Fn.import_value("DeveloperRole"), {"Fn::ImportValue": "DeveloperRole"}),
])  # fmt: skip
def test_principals(principal: Any, arn: Any) -> None:
    assert properties(principal=principal)["PrincipalArn"] == arn


def test_a_role_of_the_stack() -> None:
    arn = properties(
        principal=lambda scope: iam.Role(scope, "New", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    )
    assert arn["PrincipalArn"]["Fn::GetAtt"][1] == "Arn"


def test_constants_are_policies_that_eks_has() -> None:
    constants = [
        AccessPolicy.CLUSTER_ADMIN,
        AccessPolicy.ADMIN,
        AccessPolicy.EDIT,
        AccessPolicy.VIEW,
        AccessPolicy.ADMIN_VIEW,
    ]
    assert {policy.name for policy in constants} <= set(NAMES)
    assert [AccessPolicy.of(name).name for name in NAMES] == list(NAMES)


@pytest.mark.parametrize(("name", "words"), [
    ("View", ["'View'", "AmazonEKS"]),
    ("EKSViewPolicy", ["such as AmazonEKSViewPolicy"]),
    ("arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", ["arn:aws:eks"]),
    ("", ["''"]),
    (None, ["None"]),
])  # fmt: skip
def test_a_policy_fails_when(name: Any, words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AccessPolicy.of(name)
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(("arguments", "words"), [
    ({"principal": "*"}, ["principal", "'*'", "everybody"]),
    ({"principal": "arn:aws:iam::123456789012:role/*"}, ["role/*", "name each principal"]),
    ({"principal": "arn:aws:iam::123456789012:root"}, ["whole account"]),
    ({"principal": iam.AccountRootPrincipal()}, ["whole account"]),
    ({"principal": iam.AccountPrincipal("123456789012")}, ["whole account"]),
    ({"principal": "123456789012"}, ["arn:PARTITION:iam::ACCOUNT:role/NAME"]),
    ({"principal": "arn:aws:iam::123456789012:group/ops"}, ["group/ops"]),
    ({"principal": "arn:aws:sts::123456789012:assumed-role/ops/me"}, ["assumed-role"]),
    ({"principal": None}, ["None"]),
    ({"principal": iam.ServicePrincipal("ec2.amazonaws.com")}, ["needs the ARN of a role"]),
    ({"principal": "arn:aws:iam::123456789012:user/me"}, ["IAM user", "user/me", "name a role"]),
    ({"principal": lambda scope: iam.User.from_user_arn(scope, "Me", "arn:aws:iam::123456789012:user/me")}, ["IAM user"]),
    ({"principal": lambda scope: iam.User(scope, "New")}, ["IAM user", "name a role"]),
    ({"policy": "AmazonEKSViewPolicy"}, ["policy needs an AccessPolicy", "'AmazonEKSViewPolicy'"]),
    ({"policy": None, "namespaces": []}, ["policy needs an AccessPolicy", "pass a policy, or groups"]),
    ({"policy": None, "groups": ["ops"], "namespaces": ["billing"]}, ["limits a policy", "['billing']"]),
    ({"groups": "ops"}, ["groups needs a list", "'ops'"]),
    ({"groups": ["system:masters"]}, ["'system:masters'", "of your own"]),
    ({"groups": ["eks:ops"]}, ["'eks:ops'"]),
    ({"groups": [""]}, ["got ''"]),
    ({"groups": [7]}, ["got 7"]),
    ({"namespaces": "billing"}, ["a list", "'billing'"]),
    ({"namespaces": ["Billing"]}, ["'Billing'", "lower-case"]),
    ({"namespaces": ["a" * 64]}, ["63"]),
    ({"namespaces": ["-a"]}, ["'-a'"]),
    ({"namespaces": [7]}, ["got 7"]),
])  # fmt: skip
def test_fails_when(cluster: Any, arguments: dict[str, Any], words: list[str]) -> None:
    elsewhere = cdk.Stack(cdk.App(), "Elsewhere")
    arguments = {name: made(elsewhere) if callable(made) else made for name, made in arguments.items()}
    before = len(cluster.node.find_all())
    with pytest.raises(ConfigurationError) as caught:
        add(cluster, **arguments)
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(cluster.node.find_all()) == before, "nothing is created before the arguments are good"


def test_fails_with_all_mistakes_at_once(cluster: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        add(cluster, principal="*", policy="View", namespaces=["A", "b", "C"])
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(("method", "policy"), [
    ("grant_admin", "AmazonEKSAdminPolicy"), ("grant_edit", "AmazonEKSEditPolicy"), ("grant_view", "AmazonEKSViewPolicy"),
])  # fmt: skip
def test_the_cluster_grants(method: str, policy: str) -> None:
    stack = cdk.Stack(cdk.App(), "Access")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    getattr(cluster, method)(ROLE, namespaces=["billing"])
    entry = next(iter(Template.from_stack(stack).find_resources(ENTRY).values()))["Properties"]
    assert entry["AccessPolicies"][0]["PolicyArn"]["Fn::Join"][1][-1].endswith(f"/{policy}")
    assert entry["AccessPolicies"][0]["AccessScope"] == {"Type": "namespace", "Namespaces": ["billing"]}
