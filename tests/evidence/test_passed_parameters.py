"""A value that a parent passes to a nested stack is read as the type of the parameter there."""

from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Template, Unknown, left_open

STORED = "AWS::SSM::Parameter::Value<String>"
SUBNETS = {name: {"Type": "AWS::EC2::Subnet", "Properties": {}} for name in ("A", "B")}


def read(type_: str, passed: Any, **above: Any) -> Any:
    """Return what a resource of a nested stack gets from a parameter of this type."""
    nests = {"Type": "AWS::CloudFormation::Stack"}
    top = Template("Top", {"Resources": {"N": nests, **SUBNETS}, "Parameters": {"P": {"Type": "String"}}}, **above)
    body = {
        "Parameters": {"V": {"Type": type_}},
        "Resources": {"X": {"Type": "T::X", "Properties": {"V": {"Ref": "V"}}}},
    }
    nested = Template("Top/N", body, parent=(top, {"V": passed}))
    Assembly([top, nested])
    return nested.resources["X"].get("V")


@pytest.mark.parametrize("type_", ["CommaDelimitedList", "List<Number>", "List<AWS::EC2::Subnet::Id>"])
@pytest.mark.parametrize(
    "passed",
    ["1,2", "1, 2", ["1", "2"], {"Fn::Join": [",", ["1", "2"]]}, {"Fn::Sub": "1,2"}, {"Ref": "P"}],
    ids=str,
)
def test_a_list_is_read_as_a_list(type_: str, passed: Any) -> None:
    assert read(type_, passed, parameters={"P": "1,2"}) == ["1", "2"]


def test_a_string_stays_a_string() -> None:
    assert read("String", "1,2") == "1,2"


@pytest.mark.parametrize("type_", ["List<AWS::EC2::Subnet::Id>", "CommaDelimitedList"])
def test_each_item_of_a_joined_list_is_followed(type_: str) -> None:
    found = read(type_, {"Fn::Join": [",", [{"Ref": "A"}, {"Ref": "B"}, "subnet-1,subnet-2"]]})
    assert list(map(str, found)) == ["${A}", "${B}", "subnet-1", "subnet-2"]
    assert all(isinstance(one, Unknown) for one in found[:2])


def test_a_joined_list_with_parts_between_the_commas_is_not_taken_apart() -> None:
    assert isinstance(read("CommaDelimitedList", {"Fn::Join": ["", [{"Ref": "A"}, ",", {"Ref": "B"}]]}), Unknown)


@pytest.mark.parametrize("passed", ["/eks/version", {"Ref": "P"}, {"Fn::Sub": "/eks/version"}], ids=str)
@pytest.mark.parametrize("type_", [STORED, "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>"])
def test_the_name_of_a_stored_value_is_not_the_value(type_: str, passed: Any) -> None:
    assert isinstance(read(type_, passed, parameters={"P": "/eks/version"}), Unknown)


def test_a_stored_value_is_left_open_whatever_its_name_is() -> None:
    value = read(STORED, "/eks/version")
    assert left_open.openings_of(value, value.template) == (left_open.Opening("stored parameter", "V"),)
