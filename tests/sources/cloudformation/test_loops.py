"""Loops of AWS::LanguageExtensions, written out."""

from pathlib import Path
from typing import Any

import pytest

from hardened_eks.sources import UnusableInputError, from_bodies, load
from tests.sources.assembly import write

TEXT = """\
Transform: AWS::LanguageExtensions
Parameters:
  Groups: {Type: CommaDelimitedList, Default: "blue, green"}
Mappings:
  Of:
    prod: {Zones: [a, b]}
Resources:
  Fn::ForEach::ByDefault:
    - Group
    - !Ref Groups
    - Nodes${Group}:
        Type: AWS::EKS::Nodegroup
        Properties:
          NodegroupName: !Ref Group
          DiskSize: 20
  Fn::ForEach::Outer:
    - Zone
    - !FindInMap [Of, prod, Zones]
    - Fn::ForEach::Inner:
        - Size
        - [s, "x-l"]
        - In${Zone}&{Size}:
            Type: AWS::EKS::Nodegroup
            Properties:
              NodegroupName: !Sub "${Zone}-${Size}"
              Tags:
                Fn::ForEach::Tags:
                  - Tag
                  - [owner, "${Zone}"]
                  - "${Tag}": "${Size}"
"""


def test_defaults_rows_of_mappings_and_loops_in_loops(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", TEXT)
    loaded = load([path])
    (template,) = loaded.assembly.templates
    assert list(template.resources) == ["Nodesblue", "Nodesgreen", "Inas", "Inaxl", "Inbs", "Inbxl"]
    assert template.resources["Inbxl"].get("Tags") == {"owner": "x-l", "b": "x-l"}
    assert loaded.notes == (f"{path}: loops are evaluated only with the default of the parameter Groups",)


def test_what_a_loop_makes_stands_on_the_lines_of_its_pattern(tmp_path: Path) -> None:
    (template,) = load([write(tmp_path / "t.yaml", TEXT)]).assembly.templates
    for name in ("Nodesblue", "Nodesgreen"):
        assert template.resources[name].line() == 11
        assert template.resources[name].line("DiskSize") == 15
        assert template.resources[name].line("Missing") == 13
    for name in ("Inas", "Inbxl"):
        assert template.resources[name].line() == 22
        assert template.resources[name].line("NodegroupName") == 25


def test_a_value_that_is_given_comes_before_the_default(tmp_path: Path) -> None:
    loaded = load([write(tmp_path / "t.yaml", TEXT)], parameters={"Groups": "red"})
    assert list(loaded.assembly.templates[0].resources)[0] == "Nodesred"
    assert loaded.notes == ()


def test_a_nested_stack_takes_what_its_parent_passes(tmp_path: Path) -> None:
    write(tmp_path / "child.yaml", TEXT)
    parent = {
        "Resources": {
            "Eks": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "child.yaml", "Parameters": {"Groups": "red"}},
            }
        }
    }
    _, child = load([write(tmp_path / "parent.json", parent)]).assembly.templates
    assert list(child.resources)[0] == "Nodesred"


def test_templates_in_memory(tmp_path: Path) -> None:
    loop = ["N", ["a"], {"Key${N}": {"Type": "AWS::KMS::Key"}}]
    (template,) = from_bodies({"T": {"Resources": {"Fn::ForEach::Keys": loop}}}).assembly.templates
    assert list(template.resources) == ["Keya"]


@pytest.mark.parametrize(
    ("collection", "expected"),
    [
        ({"Fn::FindInMap": ["Of", {"Ref": "AWS::Region"}, "Zones"]}, "of which no row is known before deployment"),
        ({"Ref": "Open"}, "its collection is the parameter 'Open'; set it with --parameters Open=a,b"),
        ({"Ref": "Hidden"}, "its collection is the parameter 'Hidden'; set it with --parameters Hidden=a,b"),
        ({"Fn::Split": [",", "a,b"]}, "its collection is neither a list of strings nor a parameter"),
    ],
)
def test_fails_where_the_items_are_not_known(tmp_path: Path, collection: Any, expected: str) -> None:
    body = {
        "Parameters": {
            "Open": {"Type": "CommaDelimitedList"},
            "Hidden": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/a"},
        },
        "Mappings": {"Of": {"eu-west-1": {"Zones": ["a"]}}},
        "Resources": {"Fn::ForEach::X": ["N", collection, {"K${N}": {"Type": "AWS::KMS::Key"}}]},
    }
    with pytest.raises(UnusableInputError, match=expected.replace("?", r"\?")):
        load([write(tmp_path / "t.json", body)])
