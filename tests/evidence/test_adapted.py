"""Clusters of CDK's own construct library, whose properties are those of the EKS API below ``Config``."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Subject, Template, Unknown
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load

CONFIG: dict[str, Any] = {
    "name": "payments",
    "version": "1.36",
    "roleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "resourcesVpcConfig": {"subnetIds": [{"Ref": "Subnet"}], "endpointPublicAccess": True},
    "logging": {
        "clusterLogging": [
            {"enabled": False, "types": ["scheduler"]},
            {"enabled": True, "types": ["api", "audit"]},
        ]
    },
    "encryptionConfig": [{"provider": {"keyArn": {"Fn::GetAtt": ["Key", "Arn"]}}, "resources": ["secrets"]}],
    "accessConfig": {"authenticationMode": "API"},
    "tags": {"owner": "payments", "costCenter": "12"},
}
PROFILE = {
    "clusterName": {"Ref": "Cluster"},
    "podExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "subnets": [{"Ref": "Subnet"}],
    "selectors": [{"namespace": "web", "labels": {"runOn": "fargate"}}],
}


def body(config: Any = CONFIG) -> dict[str, Any]:
    role = {"Type": "AWS::IAM::Role", "Properties": {}}
    return {
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]}},
        "Resources": {
            "Role": role,
            "Creation": role,
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}},
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"CidrBlock": "10.0.0.0/24"}},
            "Cluster": {
                "Type": "Custom::AWSCDK-EKS-Cluster",
                "Condition": "IsProd",
                "Properties": {"Config": config, "AssumeRoleArn": {"Fn::GetAtt": ["Creation", "Arn"]}},
            },
            "Profile": {"Type": "Custom::AWSCDK-EKS-FargateProfile", "Properties": {"Config": PROFILE}},
        },
    }


def resource(name: str = "Cluster", config: Any = CONFIG) -> Any:
    template = Template("T", body(config))
    Assembly([template])
    return template.resources[name]


def test_a_cluster_has_the_type_and_shape_of_cloudformation() -> None:
    cluster = resource()
    assert (cluster.type, cluster.written_type) == ("AWS::EKS::Cluster", "Custom::AWSCDK-EKS-Cluster")
    assert cluster.get("Version") == "1.36"
    assert cluster.get("ResourcesVpcConfig.EndpointPublicAccess") is True
    assert cluster.get("EncryptionConfig.0.Resources") == ["secrets"]
    assert cluster.get("Logging.ClusterLogging.EnabledTypes") == [{"Type": "api"}, {"Type": "audit"}]
    assert cluster.get("Tags") == [{"Key": "owner", "Value": "payments"}, {"Key": "costCenter", "Value": "12"}]
    assert cluster.body["Condition"] == "IsProd"


def test_its_references_are_followed_those_beside_the_configuration_too() -> None:
    cluster = resource()
    assembly = cluster.template.assembly
    resources = cluster.template.resources
    assert assembly.target(cluster.get("RoleArn")) is resources["Role"]
    assert list(assembly.referring(resources["Creation"])) == [cluster]
    assert assembly.target(resources["Profile"].get("ClusterName"), "AWS::EKS::Cluster") is cluster


def test_a_fargate_profile() -> None:
    profile = resource("Profile")
    assert profile.type == "AWS::EKS::FargateProfile"
    assert profile.get("Selectors") == [{"Namespace": "web", "Labels": [{"Key": "runOn", "Value": "fargate"}]}]
    assert profile.written("Selectors.0.Labels.0.Value") == "Config.selectors.0.labels.runOn"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("", ""),
        ("Version", "Config.version"),
        ("ResourcesVpcConfig.SubnetIds.0", "Config.resourcesVpcConfig.subnetIds.0"),
        ("ResourcesVpcConfig.PublicAccessCidrs", "Config.resourcesVpcConfig.publicAccessCidrs"),
        ("Logging.ClusterLogging.EnabledTypes", "Config.logging.clusterLogging"),
        ("Logging.ClusterLogging.EnabledTypes.1.Type", "Config.logging.clusterLogging.1.types.1"),
        ("EncryptionConfig.0.Provider.KeyArn", "Config.encryptionConfig.0.provider.keyArn"),
        ("Tags.1.Key", "Config.tags.costCenter"),
        ("DeletionProtection", "Config.deletionProtection"),
        ("AssumeRoleArn", "AssumeRoleArn"),
    ],
)
def test_paths_lead_to_what_is_written(path: str, written: str) -> None:
    cluster = resource()
    assert cluster.written(path) == written
    assert Subject.of_resource(cluster).place(path) == (f"Properties.{written}" if written else "")


def test_branches_have_the_shape_too() -> None:
    either = {"Fn::If": ["IsProd", {"endpointPublicAccess": False}, {"endpointPublicAccess": True}]}
    cluster = resource(config={**CONFIG, "resourcesVpcConfig": either})
    value = cluster.get("ResourcesVpcConfig")
    assert value.branches == ({"EndpointPublicAccess": False}, {"EndpointPublicAccess": True})
    assert cluster.written("ResourcesVpcConfig") == "Config.resourcesVpcConfig"


def test_a_configuration_that_is_not_known_fails_closed() -> None:
    cluster = resource(config={"Fn::ImportValue": "x"})
    assert isinstance(cluster.get("ResourcesVpcConfig.EndpointPublicAccess"), Unknown)


@pytest.mark.parametrize("config", [None, "x", [], {}, {"logging": 1}, {"logging": {"clusterLogging": [1, {}]}}])
def test_malformed_ones_break_nothing(config: Any) -> None:
    cluster = resource(config=config)
    findings = evaluate(cluster.template.assembly, CATALOGUE).findings
    assert any(f.resource is cluster and f.control.id == "CP-02" for f in findings)
    assert not [f for f in findings if "cannot be evaluated" in f.problem.message]


def test_a_finding_stands_on_the_line_of_the_written_property(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps(body(), indent=1), encoding="utf-8")
    cluster = load([file]).assembly.templates[0].resources["Cluster"]
    (line,) = (n for n, text in enumerate(file.read_text().splitlines(), 1) if "endpointPublicAccess" in text)
    assert cluster.line("ResourcesVpcConfig.EndpointPublicAccess") == line
    assert Subject.of_resource(cluster).line("ResourcesVpcConfig.EndpointPublicAccess") == line
