"""A value that another template gives out is known, by whichever function it is read."""

from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Template, Unknown

OUTPUTS = {"Version": {"Value": "1.20", "Export": {"Name": "eks-version"}}, "Ref": {"Value": {"Ref": "P"}}}
IMPORT = {"Fn::ImportValue": "eks-version"}
STACK = {"Fn::GetStackOutput": {"StackName": "Top/N", "OutputName": "Version"}}
NESTED = {"Fn::GetAtt": ["N", "Outputs.Version"]}


def read(value: Any, **settings: Any) -> Any:
    """Return what a property of a template is beside a nested stack with these outputs."""
    resources = {"N": {"Type": "AWS::CloudFormation::Stack"}, "X": {"Type": "T::X", "Properties": {"V": value}}}
    top = Template("Top", {"Resources": resources})
    nested = Template(
        "Top/N", {"Parameters": {"P": {"Type": "String"}}, "Outputs": OUTPUTS}, parent=(top, {}), **settings
    )
    Assembly([top, nested])
    return top.resources["X"].get("V")


@pytest.mark.parametrize(
    "value",
    [IMPORT, STACK, NESTED, {"Fn::GetAtt": "N.Outputs.Version"}, {"Fn::Sub": "${N.Outputs.Version}"},
     {"Fn::Join": ["", ["1.", {"Fn::Select": [1, {"Fn::Split": [".", NESTED]}]}]]}],
)  # fmt: skip
def test_a_value_of_another_template_is_known(value: Any) -> None:
    assert read(value) == "1.20"


@pytest.mark.parametrize("value", [{"Fn::GetAtt": ["N", "Outputs.Ref"]}, {"Fn::Sub": "${N.Outputs.Ref}"}])
def test_what_the_other_template_leaves_open_stays_so(value: Any) -> None:
    found = read(value)
    assert isinstance(found, Unknown)
    assert str(found) == "${P}"


@pytest.mark.parametrize(
    "value",
    [{"Fn::GetAtt": ["N", "Outputs.Other"]}, {"Fn::GetAtt": ["M", "Outputs.Version"]}, {"Fn::GetAtt": ["N", "Version"]},
     {"Fn::GetStackOutput": {"StackName": "Top/N", "OutputName": "Other"}}, {"Fn::ImportValue": "other"},
     {"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "Version"}}],
)  # fmt: skip
def test_an_output_that_is_not_there_is_not_known(value: Any) -> None:
    assert isinstance(read(value), Unknown)


def test_an_output_of_another_region_is_read_by_name_alone() -> None:
    home = Template(
        "Home", {"Resources": {"X": {"Type": "T::X", "Properties": {"V": STACK, "I": IMPORT}}}}, region="eu-west-1"
    )
    there = Template("Top/N", {"Outputs": OUTPUTS}, region="eu-west-2")
    Assembly([home, there])
    assert isinstance(home.resources["X"].get("V"), Unknown)
    assert isinstance(home.resources["X"].get("I"), Unknown)
    named = {"Fn::GetStackOutput": {"StackName": "Top/N", "OutputName": "Version", "Region": "eu-west-2"}}
    home = Template("Home", {"Resources": {"X": {"Type": "T::X", "Properties": {"V": named}}}}, region="eu-west-1")
    Assembly([home, there])
    assert home.resources["X"].get("V") == "1.20"


def test_an_output_of_a_region_that_is_known_at_deployment_is_the_nearest() -> None:
    named = {"Fn::GetStackOutput": {"StackName": "Top/N", "OutputName": "Version", "Region": {"Ref": "AWS::Region"}}}
    assert read(named, region="eu-west-2") == "1.20"


@pytest.mark.parametrize("region", ["eu-west-1", "eu-west-2"])
def test_an_output_is_that_of_the_region_that_is_named(region: str) -> None:
    named = {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "Where", "Region": region}}
    home = Template("Home", {"Resources": {"X": {"Type": "T::X", "Properties": {"V": named}}}}, region="eu-west-1")
    others = [
        Template("Keys", {"Outputs": {"Where": {"Value": one}}}, region=one) for one in ("eu-west-1", "eu-west-2")
    ]
    Assembly([home, *others])
    assert home.resources["X"].get("V") == region


VALUE = {"Fn::GetStackOutput": {"StackName": "Network", "OutputName": "Version"}}


def of_files(user: str, *files: str) -> Any:
    """Return what the template of a file reads of the stack ``Network`` beside templates of other files."""
    body = {"Resources": {"X": {"Type": "T::X", "Properties": {"V": VALUE}}}}
    templates = [Template(name, {"Outputs": {"Version": {"Value": name}}}) for name in files]
    home = Template(user, body)
    Assembly([home, *templates])
    return home.resources["X"].get("V")


@pytest.mark.parametrize(
    ("files", "read_from"),
    [
        (["out/Network.template.json"], "out/Network.template.json"),
        (["out/Network.yaml"], "out/Network.yaml"),
        (["elsewhere/Network.json"], "elsewhere/Network.json"),
        (["dev/Network.json", "out/Network.json"], "out/Network.json"),
        (["out/Network.json", "Network"], "Network"),  # the name of a stack comes first
    ],
)
def test_a_stack_may_be_named_by_its_file(files: list[str], read_from: str) -> None:
    """Templates of the CDK that are checked without their cdk.out are known by their paths alone."""
    assert of_files("out/Cluster.template.json", *files) == read_from


@pytest.mark.parametrize(
    "files",
    [["dev/Network.json", "prod/Network.json"], ["out/Network.json", "out/Network.yaml"], ["out/Network2.json"], ["Network.txt"]],
)  # fmt: skip
def test_a_file_that_may_be_another_stack_is_not_read(files: list[str]) -> None:
    assert isinstance(of_files("out/Cluster.template.json", *files), Unknown)


@pytest.mark.parametrize(
    ("file", "found"),
    [("a/eks-vpc.yaml", True), ("a/eks-vpc.template.json", True), ("a/vpc.yaml", False), ("eks-vpc", False)],
)
def test_an_export_with_the_name_of_its_stack_is_found_in_the_file_with_that_name(file: str, *, found: bool) -> None:
    export = {"Name": {"Fn::Sub": "${AWS::StackName}::Subnets"}}
    home = Template(file, {"Outputs": {"S": {"Value": "subnet-1", "Export": export}}})
    user = Template(
        "b/nodes.yaml",
        {"Resources": {"X": {"Type": "T::X", "Properties": {"V": {"Fn::ImportValue": "eks-vpc::Subnets"}}}}},
    )
    Assembly([home, user])
    assert (user.resources["X"].get("V") == "subnet-1") is found
