"""What is asked for once is what Node answers."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from constructs import Construct

import hardened_eks as hardened
from hardened_eks._asked import account_of, key_arn_of, node_of, path_of, region_of, stack_of


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[Construct]:
    """The constructs that Node was asked for the stack of."""
    asked: list[Construct] = []
    ask = cdk.Stack.of

    def counted(construct: Construct) -> cdk.Stack:
        asked.append(construct)
        return ask(construct)

    monkeypatch.setattr(cdk.Stack, "of", counted)
    return asked


def test_a_stack_is_in_itself_and_a_construct_is_asked_for_once(questions: list[Construct]) -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    inside = Construct(stack, "Inside")
    assert stack_of(stack) is stack and questions == []
    assert stack_of(inside) is stack and stack_of(inside) is stack and region_of(inside)
    assert questions == [inside]


def test_a_construct_of_ours_knows_the_stack_of_its_scope(questions: list[Construct]) -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    assert stack_of(hardened.Keys(stack, "Keys")) is stack
    assert questions == []


def test_what_is_in_a_nested_stack_is_not_in_the_outer_one() -> None:
    outer = cdk.Stack(cdk.App(), "Payments")
    nested = cdk.NestedStack(outer, "Nested")
    assert stack_of(nested) is nested
    assert stack_of(Construct(nested, "Inside")) is nested
    assert stack_of(hardened.Keys(nested, "Keys")) is nested
    assert stack_of(hardened.Keys(Construct(nested, "Other"), "Keys")) is nested


@pytest.mark.parametrize("env", [None, cdk.Environment(account="123456789012", region="eu-west-1")])
def test_the_answers_are_those_of_the_cdk(env: cdk.Environment | None) -> None:
    stack = cdk.Stack(cdk.App(), "Payments", env=env)
    inside = Construct(Construct(stack, "Around"), "Inside")
    for _ in range(2):
        assert (account_of(inside), region_of(inside)) == (stack.account, stack.region)
        assert path_of(inside) == inside.node.path == "Payments/Around/Inside"
        assert node_of(inside).id == "Inside"
    key = kms.Key(stack, "Key")
    assert stack.resolve(key_arn_of(key)) == stack.resolve(key_arn_of(key)) == stack.resolve(key.key_arn)
