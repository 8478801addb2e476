"""What is evaluated between stacks: by account and region, as far as both are known."""

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
