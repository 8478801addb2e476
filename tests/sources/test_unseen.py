"""What makes EKS resources without showing them is named, and the template of a stack set is evaluated."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.data import _files
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import from_bodies, load
from tests.sources.assembly import PUBLIC, write

INLINE = '{"Parameters":{"Open":{"Type":"String"}},"Resources":{"C":{"Type":"AWS::EKS::Cluster","Properties":{"ResourcesVpcConfig":{"EndpointPublicAccess":{"Ref":"Open"}}}}}}'  # noqa: E501


def notes(body: Any) -> tuple[str, ...]:
    return from_bodies({"T": body}).notes


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("AWSQS::EKS::Cluster", "the type is not an AWS type, so the EKS resources it creates are not evaluated"),
        ("Custom::EksNodes", "the type is not an AWS type, so the EKS resources it creates are not evaluated"),
        ("Custom::AWSCDK-EKS-KubernetesResource", "the Kubernetes manifest is not evaluated: its content is not known"),
        ("Custom::AWSCDK-EKS-HelmChart", "the objects that the Helm chart installs are not evaluated"),
        ("Custom::AWSCDK-EKS-KubernetesPatch", "the patch of a Kubernetes object is not evaluated"),
        ("AWSQS::Kubernetes::Resource", "the Kubernetes objects that it creates are not evaluated"),
        ("TrendMicro::CloudOneContainer::Helm", "the Kubernetes objects that it creates are not evaluated"),
        ("Custom::HelmRelease", "the Kubernetes objects that it creates are not evaluated"),
        ("Custom::KubeManifest", "the Kubernetes objects that it creates are not evaluated"),
        ("Custom::ApplyK8sManifest", "the Kubernetes objects that it creates are not evaluated"),
        ("My::Org::Cluster::MODULE", "the content of the module is not among the files"),
        ("AWS::Serverless::Application", "the application that it includes is not among the files"),
        ("AWS::CloudFormation::Macro", "the output of the macro is not evaluated"),
        (
            "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
            "the product that it provisions is not among the files",
        ),
    ],
)
def test_types_that_make_what_is_not_seen(type_: str, expected: str) -> None:
    assert notes({"Resources": {"A": {"Type": type_}}}) == (f"T/A ({type_}): {expected}",)


@pytest.mark.parametrize(
    "api", ["argoproj.io/v1alpha1 Application", "helm.toolkit.fluxcd.io/v2 HelmRelease",
            "kustomize.toolkit.fluxcd.io/v1 Kustomization"],
)  # fmt: skip
def test_what_installs_other_objects_is_named(api: str, tmp_path: Path) -> None:
    version, kind = api.split()
    path = tmp_path / "object.yaml"
    path.write_text(json.dumps({"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, "spec": {}}))
    (note,) = load([str(path)]).notes
    assert "the objects that it installs are not evaluated" in note


@pytest.mark.parametrize(
    ("type_", "properties", "named"),
    [
        ("AWS::SageMaker::Cluster", {"Orchestrator": {"Eks": {"ClusterArn": "arn"}}}, True),
        ("AWS::SageMaker::Cluster", {"Orchestrator": {"Slurm": {}}}, False),
        ("AWS::Batch::ComputeEnvironment", {"EksConfiguration": {"EksClusterArn": "arn"}}, True),
        ("AWS::Batch::ComputeEnvironment", {"Type": "MANAGED"}, False),
    ],
)
def test_services_that_add_nodes_to_a_cluster_are_named(type_: str, properties: Any, *, named: bool) -> None:
    found = notes({"Resources": {"A": {"Type": type_, "Properties": properties}}})
    assert found == (f"T/A ({type_}): the nodes that it adds to a cluster are not evaluated",) * named


@pytest.mark.parametrize(
    ("type_", "may"),
    [
        ("AWS::Serverless::Application", True),
        ("AWS::ServiceCatalog::CloudFormationProvisionedProduct", True),
        ("AWS::CloudFormation::Macro", False),
    ],
)
def test_what_deploys_a_whole_template_may_make_a_cluster(type_: str, may: bool) -> None:
    assert from_bodies({"T": {"Resources": {"A": {"Type": type_}}}}).hides_eks is may


@pytest.mark.parametrize(
    "type_",
    [
        "AWS::EKS::Cluster",
        "Custom::AWSCDK-EKS-Cluster",
        "Custom::Weeks",
        "AWS::S3::Bucket",
        "AWSQS::Kubernetes::Get",
        "Custom::Helmet",
    ],
)
def test_nothing_is_said_of_what_is_seen(type_: str) -> None:
    assert notes({"Resources": {"A": {"Type": type_}}}) == ()


@pytest.mark.parametrize(
    ("type_", "meant"),
    [
        ("AWS::EKS::NodeGroup", "; did you mean AWS::EKS::Nodegroup?"),
        ("AWS::EKS::AddOn", "; did you mean AWS::EKS::Addon?"),
        ("AWS::EKS::AccessPolicyAssociation", ""),
    ],
)
def test_an_eks_type_that_does_not_exist_is_not_a_pass(type_: str, meant: str) -> None:
    found = from_bodies({"T": {"Resources": {"A": {"Type": type_}}}})
    said = f"this release knows no such type, so the resource is not evaluated{meant}"
    assert (found.notes, found.hides_eks) == ((f"T/A ({type_}): {said}",), True)


def test_every_eks_type_is_known() -> None:
    types = _files.document("eks_properties.json")["properties"]
    assert notes({"Resources": {type_.replace(":", ""): {"Type": type_} for type_ in types}}) == ()


def manifest(folder: Path, version: str, kind: str) -> Path:
    path = folder / "m.yaml"
    path.write_text(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n")
    return path


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("eksctl.io/v1alpha5", "ClusterConfig"),
        ("eks.services.k8s.aws/v1alpha1", "Nodegroup"),
        ("eks.aws.crossplane.io/v1beta1", "Cluster"),
        ("eks.aws.upbound.io/v1beta2", "Cluster"),
        ("eks.aws.m.upbound.io/v1beta1", "Addon"),
        ("controlplane.cluster.x-k8s.io/v1beta2", "AWSManagedControlPlane"),
        ("infrastructure.cluster.x-k8s.io/v1beta2", "AWSManagedMachinePool"),
        ("infrastructure.cluster.x-k8s.io/v1beta2", "AWSFargateProfile"),
    ],
)
def test_objects_that_make_a_cluster_are_not_a_pass(tmp_path: Path, version: str, kind: str) -> None:
    path = manifest(tmp_path, version, kind)
    found = load([path])
    said = "the EKS resources that it creates are not evaluated; check the account with `hardened-eks audit`"
    (note,) = found.notes
    assert note == f"{path}/{kind}/a (Kubernetes::{version.partition('/')[0]}::{kind}): {said}"
    assert found.hides_eks


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("eks.amazonaws.com/v1", "NodeClass"),
        ("cluster.x-k8s.io/v1beta1", "Cluster"),
        ("infrastructure.cluster.x-k8s.io/v1beta2", "AWSMachineTemplate"),
    ],
)
def test_other_objects_are_only_objects(tmp_path: Path, version: str, kind: str) -> None:
    found = load([manifest(tmp_path, version, kind)])
    assert (found.notes, found.hides_eks) == ((), False)


POD = {"spec": {"containers": [{"name": "a", "image": "a:1"}]}}


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("argoproj.io/v1alpha1", "Rollout", {"template": POD}),
        ("serving.knative.dev/v1", "Service", {"template": POD}),
        ("extensions/v1beta1", "Deployment", {"template": POD}),
        ("v1", "pod", POD["spec"]),
        ("tekton.example/v1", "Steps", {"steps": [{"pods": [POD]}]}),
    ],
)
def test_containers_in_an_unknown_kind_are_not_a_silent_pass(
    tmp_path: Path, version: str, kind: str, spec: Any
) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec}))
    (note,) = load([path]).notes
    group = version.partition("/")[0] if "/" in version else "core"
    told = "no control knows the kind, so the containers in it are not evaluated"
    assert note == f"{path}/{kind}/a (Kubernetes::{group}::{kind}): {told}"


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("apps/v1", "Deployment", {"template": POD}),
        ("v1", "Pod", POD["spec"]),
        ("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": POD}}}),
        ("argoproj.io/v1alpha1", "Rollout", {"template": {"spec": {"containers": []}}}),
        ("x.io/v1", "Scan", {"containers": ["a"], "image": "a:1"}),
        ("x.io/v1", "Scan", {"containers": [{"name": "a"}]}),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition", {"properties": {"containers": {"image": {}}}}),
    ],
)
def test_nothing_is_said_of_kinds_without_containers(tmp_path: Path, version: str, kind: str, spec: Any) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec}))
    assert load([path]).notes == ()


def test_a_transform_is_named_wherever_it_stands() -> None:
    include = {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/c.yaml"}}
    body = {
        "Transform": [{"Name": "Mine"}],
        "Resources": {
            "Fn::Transform": include,
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"Tags": [{"Fn::Transform": {"Name": "Tagging"}}]}},
        },
    }
    added = "is not applied, so its additions are not evaluated"
    assert notes(body) == (
        f': the transform {{"Name": "Mine"}} {added}',
        f"T/Resources: the transform AWS::Include of s3://b/c.yaml {added}",
        f"T/Resources/Key/Properties/Tags/0: the transform Tagging {added}",
    )


def test_an_include_among_the_resources_does_not_hide_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", {"Resources": {"Fn::Transform": {"Name": "AWS::Include"}, "C": PUBLIC}})
    (template,) = load([path]).assembly.templates
    assert list(template.resources) == ["C"]


def stack_set(**properties: Any) -> dict[str, Any]:
    return {"Resources": {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": properties}}}


GIVEN = [{"ParameterKey": "Open", "ParameterValue": "false"}]


@pytest.mark.parametrize(
    ("properties", "is_public"),
    [
        ({}, True),
        ({"Parameters": GIVEN}, False),
        ({"Parameters": GIVEN, "StackInstancesGroup": [{"Regions": ["eu-west-1"]}]}, False),
        ({"Parameters": GIVEN, "StackInstancesGroup": [{"ParameterOverrides": []}]}, True),
    ],
)
def test_the_body_of_a_stack_set_is_judged_with_the_parameters_of_every_instance(
    tmp_path: Path, properties: dict[str, Any], is_public: bool
) -> None:
    path = write(tmp_path / "t.json", stack_set(TemplateBody=INLINE, **properties))
    loaded = load([path])
    _, inner = loaded.assembly.templates
    assert (inner.name, inner.path, inner.parent) == (f"{path}/Set", str(path), None)
    assert inner.resources["C"].line("ResourcesVpcConfig") == loaded.assembly.templates[0].resources["Set"].line(
        "TemplateBody"
    )
    assert bool(evaluate(loaded.assembly, [private_endpoint]).findings) is is_public


def test_a_body_made_by_a_function_and_one_in_a_file(tmp_path: Path) -> None:
    made = {"Fn::ToJsonString": {"Resources": {"C": PUBLIC}}}
    assert [t.name for t in from_bodies({"T": stack_set(TemplateBody=made)}).assembly.templates] == ["T", "T/Set"]
    inner = write(tmp_path / "inner.yaml", "Resources:\n  C: {Type: AWS::EKS::Cluster}\n")
    path = write(tmp_path / "t.json", stack_set(TemplateURL="inner.yaml"))
    _, template = load([path]).assembly.templates
    assert (template.path, template.resources["C"].line()) == (str(inner), 2)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"TemplateURL": "https://s3.amazonaws.com/b/t.yaml"}, "its template is not among the files"),
        ({}, "its template is not among the files"),
        ({"TemplateBody": {"Ref": "Body"}}, "its template is not among the files"),
        ({"TemplateBody": "[1]"}, "not a CloudFormation template"),
        ({"TemplateBody": "{"}, "not valid JSON"),
    ],
)
def test_a_stack_set_without_a_template_is_named(properties: dict[str, Any], expected: str) -> None:
    (note,) = notes({"Parameters": {"Body": {"Type": "String"}}, **stack_set(**properties)})
    assert note.startswith("the stack set T/Set is not evaluated: ")
    assert expected in note
