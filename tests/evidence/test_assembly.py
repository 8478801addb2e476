"""Evidence: resources, references and what stays unknown."""

from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Resource, Template, Unknown


def one(properties: Any = None, *, parameters: dict[str, Any] | None = None, **sections: Any) -> Resource:
    entry = {"Type": "T::X", "Properties": properties}
    template = Template("S", {"Resources": {"X": entry}, **sections}, parameters=parameters or {})
    Assembly([template])
    return template.resources["X"]


def test_get_walks_mappings_and_lists() -> None:
    x = one({"A": {"B": [{"C": 1}, {"C": 2}]}, "N": None, "T": "text"})
    assert x.get("A.B.1.C") == 2
    assert x.get("A.B.7.C", "none") == "none"
    assert x.get("A.B.-1") is None
    assert x.get("T.U", 5) == 5
    assert x.get("N", "default") == "default"
    assert x.get("Missing") is None


@pytest.mark.parametrize("properties", [None, [], "text", 7, True])
def test_properties_of_any_shape_do_not_raise(properties: Any) -> None:
    x = one(properties)
    assert x.get("A.B", "none") == "none"
    assert x.items("A") == []
    assert x.flag("A") is None
    assert x.number("A") is None


def test_a_step_into_an_unknown_is_that_unknown() -> None:
    x = one({"A": {"Ref": "P"}})
    assert isinstance(x.get("A.B.C"), Unknown)
    assert str(x.get("A.B.C")) == "${P}"


def test_unknown_is_falsy_and_equal_to_nothing() -> None:
    unknown = one({"A": {"Ref": "P"}}).get("A")
    assert not unknown
    assert unknown not in (True, False, None, "", "${P}")
    assert unknown != one({"A": {"Ref": "P"}}).get("A")


@pytest.mark.parametrize(("written", "read"), [(True, True), ("true", True), ("False", False), ("x", "x"), (0, 0)])
def test_flags_may_be_texts(written: Any, read: Any) -> None:
    assert one({"A": written}).flag("A") == read


def test_a_flag_is_known_where_every_branch_says_the_same() -> None:
    written = {"Same": {"Fn::If": ["C", True, "true"]}, "Other": {"Fn::If": ["C", True, "false"]}}
    x = one(written, Conditions={"C": {"Fn::Equals": [{"Ref": "P"}, "p"]}})
    assert x.flag("Same") is True
    assert isinstance(x.flag("Other"), Unknown)


@pytest.mark.parametrize(("written", "read"), [(3, 3), ("3", 3), ("x", "x"), ("3.5", 3.5), (None, None)])
def test_numbers_may_be_texts(written: Any, read: Any) -> None:
    assert one({"A": written}).number("A") == read


def test_items_are_always_a_list() -> None:
    assert one({"A": [1, 2]}).items("A") == [1, 2]
    assert one({"A": "x"}).items("A") == ["x"]
    assert one({}).items("A") == []
    (unknown,) = one({"A": {"Ref": "P"}}).items("A")
    assert isinstance(unknown, Unknown)


def test_construct_path_comes_from_metadata_then_from_the_assembly_then_from_the_stack() -> None:
    body = {"Resources": {"X": {"Type": "T::X"}, "Y": {"Type": "T::X", "Metadata": {"aws:cdk:path": "S/Y/Resource"}}}}
    template = Template("S", body, construct_paths={"X": "S/Thing/X", "Y": "ignored"})
    assert template.resources["X"].construct_path == "S/Thing/X"
    assert template.resources["Y"].construct_path == "S/Y/Resource"
    assert Template("S", body).resources["X"].construct_path == "S/X"


def test_depends_on() -> None:
    body = {
        "Resources": {
            n: {"Type": "T::X", "DependsOn": d} for n, d in {"A": "X", "B": ["X", 3, "Y"], "C": 7, "D": None}.items()
        }
    }
    found = {name: r.depends_on for name, r in Template("S", body).resources.items()}
    assert found == {"A": ("X",), "B": ("X", "Y"), "C": (), "D": ()}


def test_only_resources_with_a_type_are_evidence() -> None:
    template = Template("S", {"Resources": {"A": {"Type": "T::X"}, "B": {"Type": 1}, "C": None, "D": []}})
    assert list(template.resources) == ["A"]
    assert Template("S", {"Resources": []}).resources == {}


def test_of_and_types() -> None:
    a, b = Template("A", {"Resources": {"X": {"Type": "T::X"}}}), Template("B", {"Resources": {"X": {"Type": "T::Y"}}})
    assembly = Assembly([a, b])
    assert [r.id for r in assembly.of("T::X")] == ["A/X"]
    assert [r.id for r in assembly.of("T::Y", "T::X")] == ["B/X", "A/X"]
    assert [r.id for r in assembly.of("*")] == ["A/X", "B/X"]
    assert assembly.of("T::Z") == []
    assert assembly.types == {"T::X", "T::Y"}


def pair(
    exporting: Any, value: Any, *, using: dict[str, str] | None = None, **environment: str
) -> tuple[Assembly, Resource]:
    keys = Template("Keys", {
        "Resources": {"Key": {"Type": "T::Key", "Properties": {"Name": "the-key"}}, "Other": {"Type": "T::Other"}},
        "Outputs": {"K": {"Value": exporting, "Export": {"Name": "k"}}},
    }, **environment)  # fmt: skip
    user = Template("User", {"Resources": {"X": {"Type": "T::X", "Properties": {"Key": value}}}}, **(using or {}))
    return Assembly([keys, user]), user.resources["X"]


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::ImportValue": "k"},
        {"Fn::ImportValue": {"Fn::Sub": "k"}},
        {"Fn::Join": ["", ["arn:", {"Fn::ImportValue": "k"}]]},
        {"Fn::Sub": ["${x}", {"x": {"Fn::ImportValue": "k"}}]},
        {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "K"}},
        {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::ImportValue": "k"}]}]},
        "the-key",
    ],
)
@pytest.mark.parametrize(
    "exporting", [{"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]}, {"Fn::GetAtt": "Key.Arn"}, {"Fn::Sub": "${Key.Arn}"}]
)
def test_target_over_stacks(exporting: Any, value: Any) -> None:
    assembly, user = pair(exporting, value)
    found = assembly.target(user.get("Key"), "T::Key")
    assert found is not None
    assert found.id == "Keys/Key"
    assert assembly.target(user.get("Key"), "T::Other") is None
    if value != "the-key":
        assert [r.id for r in assembly.referring(found, "T::X")] == ["User/X"]


def test_an_export_that_is_a_literal_is_folded() -> None:
    _, user = pair("literal", {"Fn::ImportValue": "k"})
    assert user.get("Key") == "literal"


def test_the_same_export_name_in_two_environments() -> None:
    def keys(name: str, account: str) -> Template:
        return Template(name, {
            "Resources": {"Key": {"Type": "T::Key"}},
            "Outputs": {"K": {"Value": {"Ref": "Key"}, "Export": {"Name": "k"}}},
        }, account=account, region="eu-west-1")  # fmt: skip

    def user(name: str, account: str) -> Template:
        body = {"Resources": {"X": {"Type": "T::X", "Properties": {"Key": {"Fn::ImportValue": "k"}}}}}
        return Template(name, body, account=account, region="eu-west-1")

    dev, prod = user("DevUser", "1" * 12), user("ProdUser", "2" * 12)
    assembly = Assembly([keys("Dev", "1" * 12), keys("Prod", "2" * 12), dev, prod])
    assert [assembly.target(t.resources["X"].get("Key")).id for t in (dev, prod)] == ["Dev/Key", "Prod/Key"]


def test_an_import_that_nobody_exports_stays_unknown() -> None:
    assembly, user = pair("x", {"Fn::ImportValue": "other"})
    assert isinstance(user.get("Key"), Unknown)
    assert assembly.target(user.get("Key")) is None


def test_targets_take_lists_and_branches() -> None:
    body = {"Resources": {
        "A": {"Type": "T::A"}, "B": {"Type": "T::A"},
        "X": {"Type": "T::X", "Properties": {"L": [{"Ref": "A"}, {"Fn::If": ["C", {"Ref": "B"}, "text"]}, 7]}},
    }}  # fmt: skip
    template = Template("S", body)
    assembly = Assembly([template])
    assert [r.logical_id for r in assembly.targets(template.resources["X"].get("L"), "T::A")] == ["A", "B"]
    branches = template.resources["X"].get("L.1").branches
    assert str(branches[0]) == "${B}"
    assert branches[1] == "text"


def test_lines_fall_back_to_the_nearest_parent() -> None:
    template = Template("S", {"Resources": {"X": {"Type": "T::X"}}}, lines={("Resources",): 1, ("Resources", "X"): 3})
    assert template.resources["X"].line("A.B.0") == 3
    assert Template("S", {"Resources": {"X": {"Type": "T::X"}}}).resources["X"].line() is None


def test_malformed_sections_do_not_raise() -> None:
    for section in ("Parameters", "Mappings", "Conditions", "Outputs"):
        for wrong in (
            [],
            "x",
            None,
            {"A": None},
            {"A": []},
            {"A": {"Export": []}},
            {"A": {"Export": {"Name": {"Ref": "A"}}}},
        ):
            x = one({"R": {"Ref": "A"}, "M": {"Fn::FindInMap": ["A", "b", "c"]}, "I": {"Fn::If": ["A", 1, 2]},
                     "E": {"Fn::ImportValue": "x"}}, **{section: wrong})  # fmt: skip
            assert x.template.assembly is not None
            x.template.assembly.target(x.get("R"))
            for key in "RMIE":
                str(x.get(key))


def test_once_asks_once_for_each_assembly() -> None:
    first, second = Assembly([]), Assembly([])
    asked: list[int] = []
    for assembly in (first, first, second):
        assert assembly.once(("test", "x"), lambda: asked.append(1) or len(asked)) in {1, 2}
    assert len(asked) == 2


@pytest.mark.parametrize("name", ["KmsKeyId", "KmsMasterKeyId", "KmsKeyArn"])
def test_what_a_key_encrypts_does_not_answer_to_the_keys_name(name: str) -> None:
    """Found by tests/stacks/test_properties.py: a log group under a literal key was taken for that key."""
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    entry = {"Type": "AWS::Logs::LogGroup", "Properties": {name: key, "LogGroupName": "/log"}}
    template = Template("S", {"Resources": {"X": entry}})
    assembly, x = Assembly([template]), template.resources["X"]
    assert assembly.target(key) is None
    assert assembly.target("/log") is x
