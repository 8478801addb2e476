"""DP-113 on several stacks: the one that had the cluster is told, at its first resource."""

from typing import Any

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate

(CONTROL,) = [one for one in CATALOGUE if one.id == "DP-113"]
CLUSTER = {"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "prod"}}}
ROLE = {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}}
NESTED = {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "x"}}}


def stack(name: str, *resources: dict[str, Any], parent: Template | None = None) -> Template:
    body = {"Resources": {key: value for one in resources for key, value in one.items()}}
    return Template(name, body, parent=(parent, {}) if parent is not None else None)


def told(then: list[Template], now: list[Template]) -> list[str]:
    found = evaluate(Assembly(now, previous=Assembly(then)), [CONTROL]).findings
    return [f"{one.subject.id}: {one.problem.message.partition(':')[0]}" for one in found]


GONE = "the cluster Cluster is deployed and no longer in the template"


def test_of_two_stacks_the_one_that_had_it() -> None:
    then = [stack("A", ROLE), stack("B", ROLE, CLUSTER)]
    assert told(then, [stack("A", ROLE), stack("B", ROLE)]) == [f"B/Role: {GONE}"]
    assert told(then, [stack("A", ROLE), stack("B", ROLE, CLUSTER)]) == []


def test_a_move_to_another_stack_deletes_it_here() -> None:
    then = [stack("A", ROLE), stack("B", ROLE, CLUSTER)]
    assert told(then, [stack("A", ROLE, CLUSTER), stack("B", ROLE)]) == [f"B/Role: {GONE}"]


def test_a_stack_that_is_not_deployed_is_left_alone() -> None:
    assert told([stack("A", ROLE), stack("B", ROLE, CLUSTER)], [stack("A", ROLE)]) == []


def test_the_nested_stack_that_had_it_or_what_had_that() -> None:
    above = stack("A", ROLE, NESTED)
    then = [above, stack("A/Inner", ROLE, CLUSTER, parent=above)]
    now = stack("A", ROLE, NESTED)
    assert told(then, [now, stack("A/Inner", ROLE, parent=now)]) == [f"A/Inner/Role: {GONE}"]
    assert told(then, [stack("A", ROLE)]) == [f"A/Role: {GONE}"]
    assert told(then, [now, stack("A/Inner", ROLE, CLUSTER, parent=now)]) == []


def test_a_condition_that_was_there_before_is_no_change() -> None:
    undecided = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    other = {"Fn::Not": [undecided]}

    def conditional(expression: Any) -> Template:
        resources = {**ROLE, "Cluster": {**CLUSTER["Cluster"], "Condition": "Wanted"}}
        parameters = {"Stage": {"Type": "String"}}
        return Template("A", {"Resources": resources, "Parameters": parameters, "Conditions": {"Wanted": expression}})

    never = {"Fn::Equals": ["a", "b"]}
    assert told([conditional(undecided)], [conditional(undecided)]) == []
    assert told([conditional(never)], [conditional(never)]) == []
    assert told([conditional(undecided)], [conditional(never)]) == [
        "A/Role: the cluster Cluster is deployed and its condition Wanted is now false"
    ]
    assert told([conditional(undecided)], [conditional(other)]) == [
        "A/Role: the cluster Cluster is deployed and its new condition Wanted may be false (set its parameters with --parameters)"
    ]
