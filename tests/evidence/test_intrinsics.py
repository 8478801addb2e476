"""Fold what is literal, leave the rest unknown, render what is text; never raise, never loop."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.evidence import Assembly, Template, Unknown
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.intrinsics import structure

SECTIONS = {
    "Parameters": {
        "P": {"Type": "String", "Default": "x"},
        "One": {"Type": "String", "AllowedValues": ["only"]},
        "Two": {"Type": "String", "AllowedValues": ["a", "b"]},
        "Hidden": {"Type": "String", "NoEcho": "true", "AllowedValues": ["only"]},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "AllowedValues": ["/only/name"]},
        "Several": {"Type": "CommaDelimitedList", "AllowedValues": ["item"]},
    },
    "Mappings": {"M": {"eu-west-1": {"Size": "large", "List": ["a", "b"]}}},
    "Conditions": {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "Maybe"}]},
        "Maybe": {"Fn::Equals": [{"Ref": "P"}, "prod"]},
        "Loop": {"Condition": "Loop"},
        "Only": {"Fn::Equals": [{"Ref": "One"}, "only"]},
        "Flag": {"Fn::Equals": [True, "true"]},
    },
}


def value(expression: Any, **kwargs: Any) -> Any:
    body = {**SECTIONS, "Resources": {
        "X": {"Type": "T::X", "Properties": {"V": expression}}, "Y": {"Type": "T::Y"},
    }}  # fmt: skip
    template = Template("S", body, **kwargs)
    Assembly([template])
    return template.resources["X"].get("V", "ABSENT")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"Ref": "AWS::NoValue"}, "ABSENT"),
        ([1, {"Ref": "AWS::NoValue"}, 2], [1, 2]),
        ({"Ref": "One"}, "only"),
        ({"Fn::Join": ["-", ["a", "b"]]}, "a-b"),
        ({"Fn::Join": ["-", ["a", {"Ref": "One"}]]}, "a-only"),
        ({"Fn::Join": ["", ["a", {"Ref": "AWS::NoValue"}]]}, "a"),
        ({"Fn::Sub": "plain"}, "plain"),
        ({"Fn::Sub": "${!Literal}"}, "${Literal}"),
        ({"Fn::Sub": "x-${One}"}, "x-only"),
        ({"Fn::Sub": ["x-${a}", {"a": "y"}]}, "x-y"),
        ({"Fn::If": ["Yes", 1, 2]}, 1),
        ({"Fn::If": ["No", 1, 2]}, 2),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::If": ["Either", 1, 2]}, 1),
        ({"Fn::If": ["Only", 1, 2]}, 1),
        ({"Fn::If": ["Maybe", 1, 1]}, 1),
        ({"Fn::If": ["Yes", {"Ref": "AWS::NoValue"}, 2]}, "ABSENT"),
        ({"Fn::FindInMap": ["M", "eu-west-1", "Size"]}, "large"),
        ({"Fn::FindInMap": ["M", "none", "Size", {"DefaultValue": {"Ref": "One"}}]}, "only"),
        ({"Fn::FindInMap": ["M", "eu-west-1", "Size", {"DefaultValue": "small"}]}, "large"),
        ({"Fn::Select": [1, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["1", {"Fn::FindInMap": ["M", "eu-west-1", "List"]}]}, "b"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]}, "a"),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::ToJsonString": {"a": ["b", 1, True, {"Ref": "One"}]}}, '{"a":["b",1,true,"only"]}'),
        ({"Fn::ToJsonString": [{"Ref": "AWS::NoValue"}]}, "[]"),
        ({"Fn::If": ["Flag", 1, 2]}, 1),
        ({"A": {"Fn::Join": ["", ["b"]]}}, {"A": "b"}),
        ({"Ref": "A", "Other": 1}, {"Ref": "A", "Other": 1}),
    ],
)
def test_literals_are_folded(expression: Any, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ({"Ref": "P"}, "${P}"),
        ({"Ref": "Two"}, "${Two}"),
        ({"Ref": "Y"}, "${Y}"),
        ({"Ref": "AWS::Region"}, "${AWS::Region}"),
        ({"Fn::GetAtt": ["Y", "Arn"]}, "${Y.Arn}"),
        ({"Fn::GetAtt": "Y.Arn"}, "${Y.Arn}"),
        (
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/X"]]},
            "arn:${AWS::Partition}:iam::aws:policy/X",
        ),
        ({"Fn::Sub": "arn:${AWS::Partition}:x/${Y.Arn}/${One}/${!L}"}, "arn:${AWS::Partition}:x/${Y.Arn}/only/${L}"),
        ({"Fn::Sub": ["${a}-${P}", {"a": {"Ref": "One"}}]}, "only-${P}"),
        ({"Fn::If": ["Maybe", 1, 2]}, "${Fn::If}"),
        ({"Fn::If": ["Loop", 1, 2]}, "${Fn::If}"),
        ({"Fn::ImportValue": "x"}, "${Fn::ImportValue x}"),
        ({"Fn::ImportValue": {"Fn::Sub": "${P}-net:a/b*"}}, "${Fn::ImportValue (P)-net.a.b.}"),
        (
            {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::ImportValue": "x"}]}]},
            "${Fn::Select 0 (Fn.Split (Fn.ImportValue x))}",
        ),
        ({"Fn::Select": ["1", {"Fn::GetAZs": ""}]}, "${Fn::Select 1 (Fn.GetAZs)}"),
        ({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "a"]}, "${Fn::FindInMap M (AWS.Region) a}"),
        ({"Fn::GetStackOutput": {"StackName": "net", "OutputName": "Id"}}, "${Fn::GetStackOutput net Id}"),
        ({"Fn::ImportValue": "x" * 300}, f"${{Fn::ImportValue {'x' * 200}}}"),
        ({"Fn::Unheard": "x"}, "${Fn::Unheard}"),
        ({"Fn::FindInMap": ["M", "eu-west-1", "None"]}, "${Fn::FindInMap M eu-west-1 None}"),
        (
            {"Fn::FindInMap": ["M", {"Ref": "P"}, "Size", {"DefaultValue": "small"}]},
            "${Fn::FindInMap M (P) Size small}",
        ),
        ({"Fn::Select": [9, ["a"]]}, "${Fn::Select 9 a}"),
        ({"Fn::Sub": "${unclosed ${P}"}, "${unclosed ${P}"),
        ("{{resolve:ssm:/a/b:1}}", "{{resolve:ssm:/a/b:1}}"),
        ("arn:{{resolve:ssm:/a}}:x", "arn:{{resolve:ssm:/a}}:x"),
        ({"Fn::Join": ["", ["{{resolve:ssm:", "/a", "}}"]]}, "{{resolve:ssm:/a}}"),
        ({"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Y"}, "}}"]]}, "{{resolve:secretsmanager:${Y}}}"),
        ({"Fn::Sub": "{{resolve:ssm:${One}}}"}, "{{resolve:ssm:only}}"),
        ({"Fn::If": ["Yes", "{{resolve:ssm:/a}}", 2]}, "{{resolve:ssm:/a}}"),
        ({"Fn::Transform": {"Name": "AWS::Include"}}, "${Fn::Transform}"),
        ({"Fn::Transform": {"Name": "AWS::Include"}, "Beside": "x"}, "${Fn::Transform}"),
        ({"Fn::ToJsonString": {"a": {"Ref": "P"}, "b": 1}}, '{"a":"${P}","b":1}'),
        ({"Fn::ToJsonString": "no object"}, '"no object"'),
        ({"Ref": "Hidden"}, "${Hidden}"),
        ({"Ref": "Stored"}, "${Stored}"),
        ({"Ref": "Several"}, "${Several}"),
    ],
)
def test_the_rest_is_unknown_and_shown_as_far_as_known(expression: Any, shown: str) -> None:
    found = value(expression)
    assert isinstance(found, Unknown)
    assert str(found) == shown


def test_environment_and_parameters_make_values_known() -> None:
    assert value({"Ref": "AWS::Region"}, region="eu-west-1") == "eu-west-1"
    assert value({"Ref": "AWS::AccountId"}, account="123456789012") == "123456789012"
    assert value({"Fn::Sub": "${AWS::Region}-${P}"}, region="eu-west-1", parameters={"P": "p"}) == "eu-west-1-p"
    assert value({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "Size"]}, region="eu-west-1") == "large"
    assert value({"Fn::If": ["Maybe", 1, 2]}, parameters={"P": "prod"}) == 1


MALFORMED = [
    {"Ref": None}, {"Ref": 1}, {"Ref": ["A"]}, {"Ref": {"Ref": "A"}}, {"Fn::GetAtt": None}, {"Fn::GetAtt": []},
    {"Fn::GetAtt": [1, 2]}, {"Fn::GetAtt": ["Y", {"Ref": "P"}]}, {"Fn::GetAtt": {}}, {"Fn::Join": None}, {"Fn::Join": ["", 1]},
    {"Fn::Join": [1, ["a", 2]]}, {"Fn::Join": ["", [None, {"Ref": 1}]]}, {"Fn::Sub": None}, {"Fn::Sub": []},
    {"Fn::Sub": [1, 2]}, {"Fn::Sub": ["${a}", []]}, {"Fn::Sub": ["${a}", {"a": None}]}, {"Fn::If": []},
    {"Fn::If": [None, 1, 2]}, {"Fn::If": [{"a": 1}, 1, 2]}, {"Fn::If": [["x"], 1, 2]}, {"Fn::FindInMap": None},
    {"Fn::FindInMap": [None, None, None]}, {"Fn::FindInMap": [{}, [], "x"]}, {"Fn::Select": None}, {"Fn::Select": ["x", []]},
    {"Fn::Select": [None, None]}, {"Fn::Select": [{"Ref": "P"}, ["a"]]}, {"Fn::Split": None}, {"Fn::Split": ["", "x"]},
    {"Fn::Split": [1, "x"]}, {"Fn::ImportValue": None}, {"Fn::ImportValue": ["x"]}, {"Fn::GetStackOutput": {}},
    {"Fn::GetStackOutput": {"StackName": None, "OutputName": []}}, {"Fn::GetStackOutput": 1}, {"Fn::Base64": None},
    {"Fn::Select": ["²", ["a"]]}, {"Fn::Select": [-1, ["a"]]}, {"Fn::Transform": {}}, {"Fn::": 1}, {"Condition": "x"},
]  # fmt: skip


@pytest.mark.parametrize("expression", MALFORMED, ids=str)
def test_malformed_functions_do_not_raise(expression: Any) -> None:
    body = {**SECTIONS, "Resources": {"X": {"Type": "T::X", "Properties": {"V": expression, "N": {"Fn::Sub": ["${v}", {"v": expression}]}}}},
            "Outputs": {"O": {"Value": expression, "Export": {"Name": expression}}},
            "Conditions": {"C": expression, "D": {"Fn::And": [expression]}, "E": {"Fn::Equals": [expression, expression]}}}  # fmt: skip
    template = Template("S", body)
    assembly = Assembly([template])
    x = template.resources["X"]
    for found in (x.get("V"), x.get("N")):
        str(found)
        assembly.target(found)
        assembly.targets(found)
    list(assembly.referring(x))
    for function in ("Fn::ImportValue", "Fn::GetStackOutput", "Fn::GetAtt"):
        assembly.output(function, expression, template)


def test_loops_end() -> None:
    body = {
        "Resources": {"X": {"Type": "T::X", "Properties": {"V": {"Fn::ImportValue": "a"}}}},
        "Outputs": {
            "A": {"Value": {"Fn::ImportValue": "b"}, "Export": {"Name": "a"}},
            "B": {"Value": {"Fn::ImportValue": "a"}, "Export": {"Name": "b"}},
        },
    }
    one, two = Template("S", body), Template("T", {"Resources": {}, "Outputs": body["Outputs"]})
    assembly = Assembly([one, two])
    found = one.resources["X"].get("V")
    assert isinstance(found, Unknown)
    assert assembly.target(found) is None
    str(found)


def test_chains_that_double_at_every_step_end() -> None:
    names = [f"n{i}" for i in range(18)]
    twice = {
        f"O{i}": {
            "Value": {"Fn::Join": ["", [{"Fn::ImportValue": n}, {"Fn::ImportValue": n}]]},
            "Export": {"Name": f"n{i}"},
        }
        for i, n in enumerate(names[1:])
    }
    twice["Last"] = {"Value": {"Ref": "Key"}, "Export": {"Name": names[-1]}}
    conditions = {f"n{i}": {"Fn::And": [{"Condition": n}, {"Condition": n}]} for i, n in enumerate(names[1:])}
    body = {"Resources": {"Key": {"Type": "T::Key"}, "X": {"Type": "T::X", "Properties": {
        "V": {"Fn::ImportValue": "n0"}, "C": {"Fn::If": ["n0", 1, 2]}}}}, "Outputs": twice, "Conditions": conditions}  # fmt: skip
    template = Template("S", body)
    assembly = Assembly([template])
    found = template.resources["X"].get("V")
    assert len(str(found)) <= 20_000
    assert assembly.target(found) is template.resources["Key"]


def test_deep_nesting_ends() -> None:
    deep: Any = {"Ref": "P"}
    for _ in range(250):
        deep = {"Fn::Join": ["", ["x", deep]]}
    found = value(deep)
    assert isinstance(found, Unknown)
    str(found)


FUNCTIONS = ["Ref", "Fn::GetAtt", "Fn::Join", "Fn::Sub", "Fn::If", "Fn::FindInMap", "Fn::Select", "Fn::Split", "Fn::ImportValue",
             "Fn::Base64", "Fn::GetStackOutput", "Condition", "Fn::Not", "Fn::ToJsonString", "Fn::Transform"]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.sampled_from(["", "X", "P", "One", "M", "${P}", "${!", "${X.Arn}", "Maybe", "a", ",", "{{resolve:ssm:/a}}"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FUNCTIONS, "A"]), inner, max_size=2)
        | st.builds(lambda f, a: {f: a}, st.sampled_from(FUNCTIONS), st.lists(inner, max_size=3))
    ),
    max_leaves=15,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, VALUES, VALUES)
def test_any_expression_is_judged_without_an_exception(v: Any, output: Any, condition: Any) -> None:
    body = {
        **SECTIONS,
        "Resources": {"X": {"Type": "T::X", "Properties": {"V": v}}, "P2": {"Type": "T::X", "Properties": v}},
        "Outputs": {"O": {"Value": output, "Export": {"Name": "P"}}},
        "Conditions": {"Maybe": condition},
    }
    first, second = Template("S", body), Template("T", body)
    assembly = Assembly([first, second])
    for resource in assembly.of("*"):
        found = resource.get("V.A.0")
        str(found)
        assembly.target(found)
        assembly.targets(resource.properties)
        list(assembly.referring(resource))


def test_dynamic_references_are_unknown_wherever_they_stand() -> None:
    found = value({"List": ["x", "{{resolve:ssm:/a}}"], "Plain": "{{ x }}"})
    assert found["List"][0] == "x"
    assert isinstance(found["List"][1], Unknown)
    assert found["Plain"] == "{{ x }}"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a-${B.C}-d", "a--d"),
        ("{{resolve:ssm:/a}}", ""),
        ("a{{resolve:secretsmanager:${Secret}:SecretString:password::}}b${C}", "ab"),
        ("{{resolve:ssm:/a", "{{resolve:ssm:/a"),
    ],
)
def test_what_is_filled_in_later(text: str, left: str) -> None:
    assert LATER.sub("", text) == left


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"Fn::If": ["Yes", one, "x"]}], ids=["plain", "if"])
def test_lists_that_are_joined_and_split_again_end(wrap: Callable[[Any], Any]) -> None:
    deep: Any = {"Ref": "P"}
    for _ in range(40):
        deep = {"Fn::Select": [0, {"Fn::Split": [",", wrap({"Fn::Join": [",", [deep, "a"]]})]}]}
    assert str(value(deep))


def test_nested_json_strings_end() -> None:
    deep: Any = {"a": "b"}
    for _ in range(60):
        deep = {"Fn::ToJsonString": {"a": deep}}
    assert len(str(value(deep))) <= 20_000


def test_structure_is_what_a_json_string_is_made_of() -> None:
    found = structure(value({"Fn::ToJsonString": {"a": {"Ref": "P"}, "b": 1}}))
    assert isinstance(found["a"], Unknown)
    assert found["b"] == 1
    assert structure("plain") == "plain"


def test_a_region_that_becomes_known_after_a_first_look_is_in_strings() -> None:
    template = Template("T", {"Resources": {}})
    there = {"Fn::Join": ["-", ["x", {"Ref": "AWS::Region"}]]}
    assert template.render(there) == "x-${AWS::Region}"
    template.region = "eu-west-1"  # as the hook sets it, before the template is part of an assembly
    assert template.render(there) == "x-eu-west-1"
