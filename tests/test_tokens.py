"""Deploy-time values are told from values that can be checked now, exactly."""

from typing import Any

import aws_cdk as cdk
import pytest

from hardened_eks._tokens import is_number_token, is_text_token, is_token


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Tokens")


@pytest.mark.parametrize("attribute", ["value_as_string", "value_as_number", "value_as_list"])
def test_every_form_the_cdk_gives_a_token(stack: cdk.Stack, attribute: str) -> None:
    kinds = {"value_as_string": "String", "value_as_number": "Number", "value_as_list": "CommaDelimitedList"}
    value = getattr(cdk.CfnParameter(stack, attribute, type=kinds[attribute]), attribute)
    assert is_token(value)
    assert is_token([value])
    assert cdk.Token.is_unresolved(value)
    assert is_text_token(value) == (attribute == "value_as_string")
    assert is_number_token(value) == (attribute == "value_as_number")


@pytest.mark.parametrize(
    "value", [-1, -1e300, -1.88e289, float("-inf"), float("nan"), -(10**400), True, None, "", "${Token}", "Token[1]", object()]
)  # fmt: skip
def test_what_only_looks_like_one(value: Any) -> None:
    """Found by tests/stacks/test_properties.py: any large negative number passed for a token, and so was not checked."""
    assert not is_token(value)
