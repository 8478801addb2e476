"""Files to one assembly."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import UnusableInputError, from_bodies, load, load_stacks
from tests.sources.assembly import CLUSTER, PUBLIC, manifest, stack, waiver, write

BODY = {"Resources": {"Cluster": CLUSTER}}


def problems(*paths: Path | str, **kwargs: Any) -> list[str]:
    with pytest.raises(UnusableInputError) as caught:
        load(paths, **kwargs)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_is_a_stack_named_by_its_path(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: x\n")
    (template,) = load([path]).assembly.templates
    assert (template.name, template.path) == (str(path), str(path))
    assert template.resources["C"].line("Name") == 5
    assert template.resources["C"].line("Missing.Deep") == 4


def test_an_assembly_with_stages_and_environments(tmp_path: Path) -> None:
    inner = tmp_path / "assembly-Prod"
    manifest(
        inner, {"ProdApi": stack(inner, "ProdApi", BODY, name="Prod-Api", environment="aws://123456789012/eu-west-1")}
    )
    manifest(
        tmp_path,
        {
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
            "Api": stack(tmp_path, "Api", BODY),
            "Outputs": stack(tmp_path, "Outputs", {"Outputs": {}}),
            "Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
        },
    )
    found = [(t.name, t.account, t.region) for t in load([tmp_path]).assembly.templates]
    assert found == [("Api", "", ""), ("Outputs", "", ""), ("Prod-Api", "123456789012", "eu-west-1")]


NESTED_HASH = "a" * 64
URL = {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}, f"/bucket/{NESTED_HASH}.json"]]}


@pytest.mark.parametrize("how", ["metadata", "hash"])
def test_nested_stacks_get_their_parameters_and_construct_paths(tmp_path: Path, how: str) -> None:
    write(
        tmp_path / "Inner.nested.template.json",
        {
            "Parameters": {"Public": {"Type": "String"}, "Role": {"Type": "String"}},
            "Resources": {
                "Cluster": {
                    "Type": "AWS::EKS::Cluster",
                    "Properties": {
                        "RoleArn": {"Ref": "Role"},
                        "ResourcesVpcConfig": {"EndpointPublicAccess": {"Ref": "Public"}},
                    },
                }
            },
        },
    )
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": URL, "Parameters": {"Public": "false", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    if how == "metadata":
        nested["Metadata"] = {"aws:asset:path": "Inner.nested.template.json", "aws:asset:property": "TemplateURL"}
    metadata = {
        "/App": [{"type": "aws:cdk:templateFile", "data": "App.template.json"}],
        "/App/Role/Resource": [{"type": "aws:cdk:logicalId", "data": "Role"}],
        "/App/Inner": [{"type": "aws:cdk:templateFile", "data": "Inner.nested.template.json"}],
        "/App/Inner/Cluster": [{"type": "aws:cdk:logicalId", "data": "Cluster"}],
        "/App/Inner.NestedStack/Inner.NestedStackResource": [{"type": "aws:cdk:logicalId", "data": "Nested"}],
    }
    body = {"Resources": {"Role": {"Type": "AWS::IAM::Role"}, "Nested": nested}}
    artifact = stack(tmp_path, "App", body, metadata=metadata, assets={NESTED_HASH: "Inner.nested.template.json"})
    manifest(tmp_path, {"App": artifact})
    loaded = load([tmp_path])
    outer, inner = loaded.assembly.templates
    cluster = inner.resources["Cluster"]
    assert inner.name == "App/Nested"
    assert cluster.construct_path == "App/Inner/Cluster"
    assert outer.resources["Nested"].construct_path == "App/Inner.NestedStack/Inner.NestedStackResource"
    assert loaded.assembly.target(cluster.get("RoleArn")) is outer.resources["Role"]
    assert evaluate(loaded.assembly, [private_endpoint]).findings == ()


def test_a_nested_stack_that_is_not_here_is_noted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.json",
        {
            "Resources": {
                "Nested": {
                    "Type": "AWS::CloudFormation::Stack",
                    "Properties": {"TemplateURL": "https://s3.amazonaws.com/b/t.json"},
                }
            }
        },
    )
    loaded = load([path])
    (note,) = loaded.notes
    assert note == f"the nested stack {path}/Nested is not evaluated: its template is not among the files"
    assert loaded.hides_eks


def test_a_relative_template_url_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "inner.yaml", "Resources: {C: {Type: 'AWS::EKS::Cluster'}}")
    path = write(
        tmp_path / "t.json",
        {
            "Resources": {
                "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "./inner.yaml"}}
            }
        },
    )
    loaded = load([path])
    assert [t.name for t in loaded.assembly.templates] == [str(path), f"{path}/Nested"]
    assert len(evaluate(loaded.assembly, [private_endpoint]).findings) == 1


def test_fails_when_nested_stacks_contain_themselves(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.json",
        {"Resources": {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "t.json"}}}},
    )
    assert problems(path) == [f"{path}: nested stacks are more than 20 levels deep; one may contain itself"]


def test_a_template_inside_a_cdk_out_keeps_its_stack(tmp_path: Path) -> None:
    metadata = {"/App/C": [{"type": "aws:cdk:logicalId", "data": "Cluster"}, waiver()]}
    manifest(
        tmp_path,
        {
            "App": stack(tmp_path, "App", BODY, name="Payments", metadata=metadata),
            "Other": stack(tmp_path, "Other", BODY),
        },
    )
    loaded = load([tmp_path / "App.template.json"])
    assert [t.name for t in loaded.assembly.templates] == ["Payments"]
    assert loaded.assembly.templates[0].resources["Cluster"].construct_path == "App/C"
    assert [w.scope for w in loaded.waivers] == ["App/C"]


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    manifest(tmp_path, {"App": stack(tmp_path, "App", BODY)})
    assert len(load([tmp_path, tmp_path / "App.template.json"]).assembly.templates) == 1


def test_references_between_stacks_and_files_are_followed(tmp_path: Path) -> None:
    exporting = write(
        tmp_path / "keys.yaml",
        "Resources: {Key: {Type: 'AWS::KMS::Key'}}\nOutputs: {K: {Value: !GetAtt Key.Arn, Export: {Name: the-key}}}\n",
    )
    using = write(
        tmp_path / "c.yaml",
        "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n"
        "    Properties: {EncryptionConfig: [{Provider: {KeyArn: !ImportValue the-key}}]}\n",
    )
    assembly = load([using, exporting]).assembly
    cluster = assembly.of("AWS::EKS::Cluster")[0]
    key = assembly.target(cluster.get("EncryptionConfig.0.Provider.KeyArn"), "AWS::KMS::Key")
    assert key is not None
    assert key.template.path == str(exporting)


def test_metadata_in_the_manifest_itself(tmp_path: Path) -> None:
    artifact = stack(tmp_path, "App", BODY)
    artifact["metadata"] = {"/App/C": [{"type": "aws:cdk:logicalId", "data": "Cluster"}, waiver(file="a.py", line=3)]}
    loaded = load([manifest(tmp_path, {"App": artifact})])
    assert loaded.waivers[0].origin == "a.py:3"
    assert loaded.assembly.templates[0].resources["Cluster"].construct_path == "App/C"


def test_load_stacks_reads_only_these(tmp_path: Path) -> None:
    manifest(tmp_path, {"A": stack(tmp_path, "A", BODY), "B": stack(tmp_path, "B", BODY)})
    assert [t.name for t in load_stacks([tmp_path / "B.template.json"]).assembly.templates] == ["B"]


def test_from_bodies() -> None:
    assert [t.name for t in from_bodies({"A": BODY}).assembly.templates] == ["A"]
    with pytest.raises(UnusableInputError, match="A:1: not a CloudFormation template: no Resources"):
        from_bodies({"A": {"a": 1}})


PARAMETERS = {
    "Parameters": {
        "Public": {"Type": "String"},
        "Types": {"Type": "CommaDelimitedList"},
        "Ami": {"Type": "AWS::SSM::Parameter::Value<String>"},
    },
    "Resources": {
        "C": {
            "Type": "AWS::EKS::Cluster",
            "Properties": {
                "ResourcesVpcConfig": {"EndpointPublicAccess": {"Ref": "Public"}},
                "Logging": {"Ref": "Types"},
                "Name": {"Ref": "Ami"},
            },
        }
    },
}


def test_parameters_make_references_known(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", PARAMETERS)
    unknown = load([path]).assembly
    assert len(evaluate(unknown, [private_endpoint]).findings) == 1
    known = load([path], parameters={"Public": "false", "Types": "a, b", "Ami": "/x"}).assembly
    assert evaluate(known, [private_endpoint]).findings == ()
    cluster = known.of("AWS::EKS::Cluster")[0]
    assert cluster.get("Logging") == ["a", "b"]
    assert not isinstance(cluster.get("Name"), str), "an SSM parameter's value is the name of the value"


def test_parameters_of_one_stack(tmp_path: Path) -> None:
    manifest(tmp_path, {"A": stack(tmp_path, "A", PARAMETERS), "B": stack(tmp_path, "B", PARAMETERS)})
    outcome = evaluate(load([tmp_path], parameters={"A:Public": "false"}).assembly, [private_endpoint])
    assert [f.resource.id for f in outcome.findings] == ["B/C"]


def test_fails_when_no_template_has_the_parameter(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", PARAMETERS)
    assert problems(path, parameters={"Publik": "x"}) == [
        "--parameters: no template has the parameter 'Publik'; their parameters: Ami, Public, Types"
    ]


LOOP = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Clusters:
    - Name
    - %s
    - Cluster&{Name}:
        Type: AWS::EKS::Cluster
        Properties:
          Name: !Sub "x-${Name}"
          RoleArn: !Ref Name
"""


@pytest.mark.parametrize(("collection", "parameters"), [("[a-b, c]", {}), ("!Ref Names", {"Names": "a-b,c"})])
def test_loops_are_written_out(tmp_path: Path, collection: str, parameters: dict[str, str]) -> None:
    path = write(tmp_path / "t.yaml", LOOP % collection)
    assembly = load([path], parameters=parameters).assembly
    found = {r.logical_id: (r.get("Name"), r.get("RoleArn")) for r in assembly.of("AWS::EKS::Cluster")}
    assert found == {"Clusterab": ("x-a-b", "a-b"), "Clusterc": ("x-c", "c")}
    assert assembly.of("AWS::EKS::Cluster")[0].line("Name") is not None


def test_fails_when_a_loop_cannot_be_written_out(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", LOOP % "!Ref Names")
    (problem,) = problems(path)
    assert problem.startswith(f"{path}:5: Fn::ForEach::Clusters cannot be expanded: its collection is the parameter")
    assert problem.endswith("set it with --parameters Names=a,b")


def test_transforms_are_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", {"Transform": ["AWS::LanguageExtensions", "Mine"], "Resources": {}})
    assert load([path]).notes == (f"{path}: the transform Mine is not applied, so its additions are not evaluated",)


@pytest.mark.parametrize(("body", "expected"), [
    ({"a": 1}, "1: not a CloudFormation template: no Resources (keys: a)"),
    ([1], "1: not a CloudFormation template: a list, not a mapping with Resources"),
    ('"x"', "1: not a CloudFormation template: a string, not a mapping with Resources"),
    ({"Resources": []}, "2: Resources is a list, not a mapping"),
    ({"Resources": {"A": None}}, "3: resource 'A' is a null, not a mapping with a Type"),
    ({"Resources": {"A": {}}}, "3: resource 'A' has no Type"),
    ({"Resources": {"A": {"Type": 3}}}, "3: resource 'A' has Type 3, which is not a resource type such as AWS::EKS::Cluster"),
    ({"Resources": {"A": {"Type": "EKS"}}}, "3: resource 'A' has Type 'EKS', which is not a resource type such as AWS::EKS::Cluster"),
    ({"Resources": {"A": {"Type": "AWS::EKS::Cluster", "Properties": []}}},
     "3: resource 'A' has Properties that are a list, not a mapping"),
    ({"Resources": {"Fn::ForEach::X": [1]}},
     "3: Fn::ForEach::X cannot be expanded: it needs a list of an identifier, a collection and a mapping"),
])  # fmt: skip
def test_fails_when_a_file_is_no_template(tmp_path: Path, body: object, expected: str) -> None:
    path = write(tmp_path / "t.json", body)
    assert problems(path) == [f"{path}:{expected}"]


def test_fails_with_all_reasons_at_once(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.json", "{")
    worse = write(tmp_path / "worse.yaml", "Resources: {A: 1, B: {}}")
    empty = tmp_path / "empty"
    empty.mkdir()
    found = problems(bad, worse, empty, tmp_path / "missing.yaml")
    assert [problem.removeprefix(str(tmp_path)) for problem in found][1:] == [
        "/worse.yaml:1: resource 'A' is a number, not a mapping with a Type",
        "/worse.yaml:1: resource 'B' has no Type",
        "/empty: no manifest.json: not a cdk.out directory (run `cdk synth`), and no file in it is a template or a "
        "Kubernetes manifest (.json, .template, .yaml, .yml)",
        "/missing.yaml: no such file or directory",
    ]


def test_fails_when_two_templates_are_of_one_stack(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for directory in (one, two):
        manifest(directory, {"App": stack(directory, "App", BODY)})
    (problem,) = problems(one, two)
    assert problem.startswith(
        f"{two}/App.template.json: two templates belong to the stack 'App': {one}/App.template.json and"
    )


def test_one_stack_name_in_two_environments_is_fine(tmp_path: Path) -> None:
    manifest(
        tmp_path,
        {
            "Dev": stack(tmp_path, "Dev", BODY, name="App", environment="aws://111111111111/eu-west-1"),
            "Prod": stack(tmp_path, "Prod", BODY, name="App", environment="aws://222222222222/eu-west-1"),
        },
    )
    assert len(load([tmp_path]).assembly.templates) == 2


@pytest.mark.parametrize(("text", "expected"), [
    ("{", "manifest.json:1: not valid JSON"),
    ('{"artifacts": []}', "manifest.json: not a cloud assembly: artifacts is not a mapping"),
    ("[]", "manifest.json: not a cloud assembly: artifacts is not a mapping"),
    ('{"artifacts": {"A": 1}}', "manifest.json: artifact 'A' is not a mapping"),
    ('{"artifacts": {"A": {"type": "aws:cloudformation:stack"}}}', "manifest.json: the stack 'A' has no templateFile"),
    ('{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.json"}}}}',
     "A.json: no such file or directory"),
    ('{"artifacts": {"A": {"type": "cdk:cloud-assembly"}}}', "None: no manifest.json"),
    ('{"artifacts": {}}', "input: no template was found"),
])  # fmt: skip
def test_fails_when_a_manifest_is_wrong(tmp_path: Path, text: str, expected: str) -> None:
    write(tmp_path / "manifest.json", text)
    (problem,) = problems(tmp_path)
    assert expected in problem


@pytest.mark.parametrize(("entry", "expected"), [
    ({"type": "hardened-eks:waiver", "data": "{"}, "the waiver at App cannot be read"),
    (waiver(until="soon"), "the waiver at App: until needs to be a date as YYYY-MM-DD, got 'soon'"),
])  # fmt: skip
def test_fails_when_a_waiver_in_the_assembly_is_wrong(tmp_path: Path, entry: dict[str, Any], expected: str) -> None:
    manifest(tmp_path, {"App": stack(tmp_path, "App", BODY, metadata={"/App": [entry]})})
    (problem,) = problems(tmp_path)
    assert expected in problem


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(json.dumps({"Resources": {"C": PUBLIC}}).encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    (template,) = load(["-"]).assembly.templates
    assert (template.name, template.path) == ("stdin", "<stdin>")


def test_fails_when_a_file_cannot_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", BODY) / "inner.json"
    assert problems(path, "a\0b") == [
        f"{path}: cannot be read: Not a directory",
        "a\0b: cannot be read: its name contains a NUL character",
    ]
