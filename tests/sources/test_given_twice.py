"""The template of a nested stack that is given as a file too, and keys that stand twice."""

from pathlib import Path

import pytest

from hardened_eks.sources import UnusableInputError, load
from tests.sources.assembly import CLUSTER, manifest, stack, write

CHILD = {"Resources": {"C": CLUSTER}}
PARENT = {
    "Resources": {
        name: {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "./child.json"}}
        for name in ("One", "Two")
    }
}


@pytest.mark.parametrize("parent_first", [True, False])
def test_a_child_beside_its_parent_is_judged_once_for_each_stack(tmp_path: Path, parent_first: bool) -> None:
    parent, child = write(tmp_path / "parent.json", PARENT), write(tmp_path / "child.json", CHILD)
    paths = [parent, child] if parent_first else [child, parent]
    names = [template.name for template in load(paths).assembly.templates]
    assert names == [str(parent), f"{parent}/One", f"{parent}/Two"]


def test_all_files_of_a_cdk_out(tmp_path: Path) -> None:
    write(tmp_path / "Inner.nested.template.json", CHILD)
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Metadata": {"aws:asset:path": "Inner.nested.template.json"},
    }
    manifest(tmp_path, {"App": stack(tmp_path, "App", {"Resources": {"Inner": nested}})})
    names = [template.name for template in load(sorted(tmp_path.glob("*.template.json"))).assembly.templates]
    assert names == ["App", "App/Inner"]


JSON = """{"Parameters": {"A": {"Type": "String"},
 "A": {"Type": "Number"}},
 "Resources": {"C": {"Type": "AWS::EKS::Cluster", "Metadata": {"a": 1,
  "a": 2}}}}
"""
YAML = """\
Parameters:
  A: {Type: String}
  A: {Type: Number}
Resources:
  C:
    Type: AWS::EKS::Cluster
    DependsOn: D
    DependsOn: E
"""


@pytest.mark.parametrize(("text", "keys"), [(JSON, {2: "A", 4: "a"}), (YAML, {3: "A", 8: "DependsOn"})])
def test_keys_that_are_no_properties_may_stand_twice_and_the_last_counts(
    tmp_path: Path, text: str, keys: dict[int, str]
) -> None:
    path = write(tmp_path / "t.yaml" if text is YAML else tmp_path / "t.json", text)
    loaded = load([path])
    assert loaded.notes == tuple(
        f"{path}:{line}: duplicate key {key!r}, which is first on line {line - 1}: "
        "the last one applies, and the first one is not evaluated"
        for line, key in keys.items()
    )
    assert loaded.assembly.templates[0].section("Parameters")["A"] == {"Type": "Number"}


@pytest.mark.parametrize(
    "text",
    [
        "Resources:\n  C: {Type: AWS::EKS::Cluster}\n  C: {Type: AWS::KMS::Key}\n",
        "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Type: AWS::KMS::Key\n",
        "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties: {}\n    Properties: {Name: a}\n",
        "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: a\n      Name: b\n",
        "Resources:\n  Fn::ForEach::X:\n  - N\n  - [a]\n  - 'C${N}': {Type: AWS::KMS::Key}\n    'C${N}': {Type: AWS::KMS::Key}\n",
        '{"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "a", "Name": "b"}}}}',
        '{"Outputs": {"A": 1, "A": 2}, "Resources": {"C": {"Type": "AWS::KMS::Key"}, "C": {"Type": "AWS::KMS::Key"}}}',
    ],
)
def test_fails_where_a_resource_or_property_would_get_lost(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / ("t.json" if text.startswith("{") else "t.yaml"), text)
    with pytest.raises(UnusableInputError, match="the last one would apply"):
        load([path])
