"""The words for what is not known, and the way to say it."""

from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.worst import as_far_as_known, at_worst

SECTIONS = {
    "Parameters": {
        "P": {"Type": "String", "Default": "x"},
        "Q": {"Type": "String"},
        "Secret": {"Type": "String", "NoEcho": True},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>"},
    },
    "Conditions": {
        "Big": {"Fn::And": [{"Condition": "Other"}, {"Fn::Equals": [{"Ref": "P"}, "x"]}]},
        "Other": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Q"}, "x"]}]},
        "Loop": {"Fn::Not": [{"Condition": "Loop"}]},
    },
}


def value(written: Any, **kwargs: Any) -> Any:
    resources = {"X": {"Type": "T::X", "Properties": {"V": written}}, "Y": {"Type": "T::Y"}}
    template = Template("S", {**SECTIONS, "Resources": resources}, **kwargs)
    Assembly([template])
    return template.resources["X"].get("V")


P = "; P is a parameter: set it with --parameters P=VALUE"
BOTH = "; {} and {} are parameters: set them with --parameters {}=VALUE --parameters {}=VALUE"


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ({"Ref": "P"}, P),
        ({"Fn::Sub": "a-${P}-${AWS::Region}-${P}"}, P),
        ({"Fn::Sub": ["a-${b}-${P}", {"b": {"Ref": "Y"}}]}, P),
        ({"Fn::Join": ["", [{"Ref": "P"}, {"Ref": "Q"}]]}, BOTH.format("P", "Q", "P", "Q")),
        ({"Fn::If": ["Big", 1, 2]}, BOTH.format("P", "Q", "P", "Q")),
        ({"Fn::If": ["Loop", 1, 2]}, ""),
        ({"Ref": "Secret"}, ""),
        ({"Ref": "Stored"}, ""),
        ({"Fn::ImportValue": "x"}, ""),
        ({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "x"]}, ""),
        ({"Fn::Transform": {"Name": "x"}}, ""),
        ("{{resolve:ssm:/x}}", ""),
    ],
)
def test_the_worst_case_is_called_that(written: Any, way: str) -> None:
    found = at_worst("it is open", "Gate.0", value(written))
    assert found == f"Gate.0 is not known before deployment; at worst, it is open{way}"


@pytest.mark.parametrize(
    "written",
    [
        "known", False, None, {"Ref": "Y"}, {"Fn::GetAtt": ["Y", "Arn"]}, {"Ref": "AWS::Region"},
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/X"}, {"Fn::Sub": ["${P}", {"P": {"Ref": "Y"}}]},
        ["a", {"Ref": "P"}],
    ],
)  # fmt: skip
def test_what_is_known_well_enough_is_a_fact(written: Any) -> None:
    assert at_worst("it is open", "Gate", value(written)) == "it is open"


def test_a_message_that_says_so_itself_gets_the_way_alone() -> None:
    assert at_worst("the version is known only at deployment", "Version", value({"Ref": "P"})) == (
        f"the version is known only at deployment{P}"
    )
    assert as_far_as_known("who is trusted is not known", value({"Ref": "P"})) == f"who is trusted is not known{P}"


def test_a_fixed_parameter_is_no_question() -> None:
    assert at_worst("it is open", "Gate", value({"Ref": "P"}, parameters={"P": "y"})) == "it is open"


def test_a_parameter_of_a_nested_stack_is_set_where_it_comes_from() -> None:
    above = Template("Above", {"Resources": {}, "Parameters": {"Top": {"Type": "String"}}})
    found = at_worst("it is open", "Gate", value({"Ref": "P"}, parent=(above, {"P": {"Ref": "Top"}})))
    assert found.endswith("; Top is a parameter: set it with --parameters Top=VALUE")


def test_what_is_missing_may_be_in_what_is_not_known() -> None:
    whole = value([{"Type": "api"}, {"Type": {"Ref": "P"}}])
    assert as_far_as_known("no audit log", whole) == f"as far as is known before deployment, no audit log{P}"
    assert as_far_as_known("no audit log", value([{"Type": "api"}])) == "no audit log"
    assert as_far_as_known("no audit log", value([{"Type": {"Ref": "Y"}}]), "x", None) == "no audit log"


def test_the_value_of_a_tag_is_not_its_key() -> None:
    assert as_far_as_known("it has no tag", value([{"Key": "Name", "Value": {"Ref": "P"}}])) == "it has no tag"
    assert as_far_as_known("it has no tag", value([{"Key": {"Ref": "P"}, "Value": "x"}])).endswith(P)
