"""The strings and unknown values of a resource, read in one walk."""

from typing import Any

from hardened_eks.evidence import Assembly, Resource, Template, Unknown
from hardened_eks.evidence.leaves import leaves_of


def resource(properties: Any, **template: Any) -> Resource:
    body = {"Resources": {"R": {"Type": "AWS::X::Y", "Properties": properties}}, **template}
    made = Template("T", body)
    Assembly([made])
    return made.resources["R"]


def test_each_has_the_name_of_the_innermost_property() -> None:
    found = resource({"A": {"B": ["x", {"C": "y"}], "D": 1}, "E": "z", "F": [[True, None, "w"]]}).leaves
    assert found == {"A": [("B", "x"), ("C", "y")], "E": [("E", "z")], "F": [("F", "w")]}


def test_what_is_not_known_is_one_value() -> None:
    [(name, value)] = resource({"A": {"B": {"Fn::Join": ["-", ["x", {"Ref": "R"}]]}}}).leaves["A"]
    assert name == "B"
    assert isinstance(value, Unknown)
    assert str(value) == "x-${R}"


def test_what_is_known_is_a_string() -> None:
    assert resource({"A": {"Fn::Join": ["-", ["x", "y"]]}}).leaves == {"A": [("A", "x-y")]}


def test_properties_that_are_no_mapping_have_no_name() -> None:
    assert resource(["x", {"A": "y"}]).leaves == {"": [("", "x"), ("A", "y")]}
    assert resource("x").leaves == {"": [("", "x")]}
    assert leaves_of(None, "A") == []


def test_reading_them_notes_no_access_to_open_values() -> None:
    one = resource({"A": {"B": [{"Ref": "P"}]}}, Parameters={"P": {"Type": "String"}})
    one.template.assembly.opened = []  # type: ignore[union-attr]
    assert [str(value) for _, value in one.leaves["A"]] == ["${P}"]
    assert one.template.assembly.opened == []  # type: ignore[union-attr]
    list(one.get("A").get("B"))
    assert len(one.template.assembly.opened) == 1  # type: ignore[union-attr]
