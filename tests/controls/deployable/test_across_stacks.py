"""What is evaluated between stacks: by account and region, as far as both are known."""

from typing import Any

import pytest

from hardened_eks.controls import deployable
from hardened_eks.controls.model import Control
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import Body, template

NAMED = template({"Alerts": ("AWS::SNS::Topic", {"TopicName": "alerts"})})
ROLE = template({"Nodes": ("AWS::IAM::Role", {"RoleName": "nodes"})})
EXPORTING = template(
    {"Alerts": ("AWS::SNS::Topic", {})},
    Outputs={"Topic": {"Value": {"Ref": "Alerts"}, "Export": {"Name": "alerts"}}},
)
CLUSTER = template({"Cluster": ("AWS::EKS::Cluster", {"Name": "prod"})})
HERE, REGION, ACCOUNT = ("111111111111", "eu-west-1"), ("111111111111", "eu-north-1"), ("222222222222", "eu-west-1")
NOWHERE = ("", "")


def stacks(body: Body, *places: tuple[str, str]) -> list[Template]:
    return [Template(f"S{n}", body, account=a, region=r) for n, (a, r) in enumerate(places)]


@pytest.mark.parametrize(("control", "body", "places", "expected"), [
    (deployable.names_unique, NAMED, (HERE, HERE), ["S1/Alerts: S0/Alerts has the name alerts as well"]),
    (deployable.names_unique, NAMED, (HERE, REGION), []),
    (deployable.names_unique, NAMED, (HERE, ACCOUNT), []),
    (deployable.names_unique, NAMED, (NOWHERE, NOWHERE), []),
    (deployable.names_unique, ROLE, (HERE, REGION), ["S1/Nodes: S0/Nodes has the name nodes as well"]),
    (deployable.names_unique, ROLE, (HERE, ACCOUNT), []),
    (deployable.exports_unique, EXPORTING, (HERE, HERE), ["S1/Outputs/Topic: the output Topic of S0 has the same name"]),
    (deployable.exports_unique, EXPORTING, (HERE, REGION), []),
    (deployable.exports_unique, EXPORTING, (NOWHERE, NOWHERE), []),
])  # fmt: skip
def test_names_are_compared_where_they_must_differ(
    control: Control, body: Body, places: tuple[tuple[str, str], ...], expected: list[str]
) -> None:
    outcome = evaluate(Assembly(stacks(body, *places)), [control])
    assert [f"{f.subject.id}: {f.problem.message}" for f in outcome.findings] == expected


def test_names_of_a_stack_and_its_nested_stack_are_compared() -> None:
    parent = Template("S", NAMED)
    nested = Template("S/Nested", NAMED, parent=(parent, {}))
    assert len(evaluate(Assembly([parent, nested]), [deployable.names_unique]).findings) == 1


@pytest.mark.parametrize(("was", "now", "expected"), [
    (HERE, HERE, []),
    (NOWHERE, HERE, []),
    (HERE, REGION, ["the region of the stack changes from eu-west-1 to eu-north-1: a second cluster is created next to it"]),
    (HERE, ACCOUNT,
     ["the account of the stack changes from 111111111111 to 222222222222: a second cluster is created next to it"]),
])  # fmt: skip
def test_a_stack_that_moves_makes_a_second_cluster(
    was: tuple[str, str], now: tuple[str, str], expected: list[str]
) -> None:
    assembly = Assembly(stacks(CLUSTER, now), previous=Assembly(stacks(CLUSTER, was)))
    outcome = evaluate(assembly, [deployable.create_only_unchanged])
    assert [f.problem.message for f in outcome.findings] == expected


MEMBER = "arn:aws:iam::111111111111:role/payments"
SHARED = template(
    {
        "Cluster": ("AWS::EKS::Cluster", {"Name": "prod", "AccessConfig": {"AuthenticationMode": "API"}}),
        "Role": ("AWS::IAM::Role", {"RoleName": "payments"}),
    },
    Outputs={
        "Name": {"Value": {"Ref": "Cluster"}, "Export": {"Name": "cluster"}},
        "Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}, "Export": {"Name": "role"}},
    },
)
PARTS = {
    "AWS::EKS::AccessEntry": (deployable.access_entries_unique, {"PrincipalArn": MEMBER}),
    "AWS::EKS::Addon": (deployable.names_unique, {"AddonName": "vpc-cni"}),
    "AWS::EKS::PodIdentityAssociation": (
        deployable.pod_identity_unique, {"Namespace": "a", "ServiceAccount": "b", "RoleArn": MEMBER}
    ),
}  # fmt: skip


def part(type_: str, cluster: Any = "prod", **properties: Any) -> Body:
    return template({"Part": (type_, {"ClusterName": cluster, **PARTS[type_][1], **properties})})


def duplicates(type_: str, *bodies: Body, places: tuple[tuple[str, str], ...]) -> list[str]:
    templates = [Template(f"S{n}", body, account=a, region=r) for n, (body, (a, r)) in enumerate(zip(bodies, places))]
    found = (f.subject.id for f in evaluate(Assembly(templates), [PARTS[type_][0]]).findings)
    return [subject for subject in found if subject.endswith("/Part")]


@pytest.mark.parametrize("type_", PARTS)
@pytest.mark.parametrize("place", [HERE, NOWHERE])
def test_a_part_of_a_cluster_is_created_once_in_all_stacks(type_: str, place: tuple[str, str]) -> None:
    exported = part(type_, {"Fn::ImportValue": "cluster"})
    assert duplicates(type_, SHARED, exported, exported, part(type_, "test"), places=(place,) * 4) == ["S2/Part"]


@pytest.mark.parametrize("type_", PARTS)
def test_a_cluster_is_the_same_however_it_is_written(type_: str) -> None:
    exported = part(type_, {"Fn::ImportValue": "cluster"})
    assert duplicates(type_, SHARED, exported, part(type_), places=(HERE,) * 3) == ["S2/Part"]


@pytest.mark.parametrize("type_", PARTS)
@pytest.mark.parametrize("others", [REGION, ACCOUNT, NOWHERE])
def test_clusters_with_one_name_in_two_places_are_two(type_: str, others: tuple[str, str]) -> None:
    assert duplicates(type_, SHARED, part(type_), SHARED, part(type_), places=(HERE, HERE, others, others)) == []
    assert duplicates(type_, part(type_), part(type_), places=(HERE, others)) == []
    assert duplicates(type_, SHARED, part(type_), SHARED, part(type_), places=(NOWHERE,) * 4) == []


def test_a_principal_is_the_same_however_it_is_written() -> None:
    imported = part("AWS::EKS::AccessEntry", PrincipalArn={"Fn::ImportValue": "role"})
    assert duplicates("AWS::EKS::AccessEntry", SHARED, imported, part("AWS::EKS::AccessEntry"), places=(HERE,) * 3) == [
        "S2/Part"
    ]


def test_expressions_of_two_templates_are_not_the_same_value() -> None:
    hidden = part("AWS::EKS::Addon", {"Ref": "Name"})
    assert duplicates("AWS::EKS::Addon", hidden, hidden, places=(HERE, HERE)) == []
