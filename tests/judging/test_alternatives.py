"""Values that a template offers without deciding on them are judged by what deploys."""

from datetime import date
from typing import Any

import pytest

from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.controls.deployable import DEPLOYABLE, create_only_unchanged
from hardened_eks.controls.deployable import kubernetes_version_exists as version_exists
from hardened_eks.controls.deployable import logging_group_first, nodegroup_scaling, retention_exists
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.waivers import Waiver
from tests.controls.cases import Body, findings, template

STAGE = {"Type": "String", "AllowedValues": ["dev", "prod"]}
PROD = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}


def cluster(version: Any, **sections: Any) -> Body:
    return template({"Cluster": ("AWS::EKS::Cluster", {"Version": version})}, **sections)


def told(version: Any, parameter: dict[str, Any], **sections: Any) -> list[str]:
    found = findings(version_exists, cluster(version, Parameters={"Stage": parameter}, **sections))
    return [message.rpartition(" (")[2].rstrip(")") for message in found]


def test_a_default() -> None:
    assert told({"Ref": "Stage"}, {"Type": "String", "Default": "1.15"}) == ["with the parameters' defaults"]
    assert told({"Ref": "Stage"}, {"Type": "String", "Default": "1.36"}) == []
    assert told({"Ref": "Stage"}, {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/eks/version"}) == []


@pytest.mark.parametrize(
    ("parameter", "bad", "message"),
    [
        ({"Type": "String"}, 0, "with Stage = prod"),
        ({"Type": "String"}, 1, "with Stage other than prod"),
        (STAGE, 0, "with Stage = prod"),
        (STAGE, 1, "with Stage = dev"),
        ({**STAGE, "Default": "dev"}, 1, "with the parameters' defaults"),
        ({**STAGE, "Default": "dev"}, 0, "with Stage = prod"),
    ],
)
def test_a_branch(parameter: dict[str, Any], bad: int, message: str) -> None:
    branches = ["1.36", "1.36"]
    branches[bad] = "1.15"
    value = {"Fn::If": ["Prod", *branches]}
    assert told(value, parameter, Conditions={"Prod": PROD}) == [message]


def test_a_mapping() -> None:
    value = {"Fn::FindInMap": ["Versions", {"Ref": "Stage"}, "Eks"]}
    versions = {"dev": {"Eks": "1.15"}, "prod": {"Eks": "1.36"}}
    assert told(value, STAGE, Mappings={"Versions": versions}) == ["with Stage = dev"]


def test_branches_of_one_condition_are_judged_together() -> None:
    sizes = {name: {"Fn::If": ["Prod", *size]} for name, size in (("MinSize", [5, 1]), ("MaxSize", [9, 2]))}
    nodes = {"Nodes": ("AWS::EKS::Nodegroup", {"ScalingConfig": sizes})}
    body = template(nodes, Parameters={"Stage": STAGE}, Conditions={"Prod": PROD})
    assert findings(nodegroup_scaling, body) == []


def test_true_in_yaml_is_a_text() -> None:
    stage = {"Type": "String", "Default": True, "AllowedValues": [True, False]}
    condition = {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "true"]}}
    value = {"Fn::If": ["Prod", "1.15", "1.36"]}
    assert told(value, stage, Conditions=condition) == ["with the parameters' defaults"]


def test_a_resource_that_is_not_made_is_not_there() -> None:
    body = template({
        "Logs": {"Type": "AWS::Logs::LogGroup", "Condition": "Prod",
                 "Properties": {"LogGroupName": "/aws/eks/prod/cluster", "RetentionInDays": {"Ref": "Days"}}},
        "Cluster": {"Type": "AWS::EKS::Cluster", "DependsOn": "Logs", "Properties": {
            "Name": "prod", "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}]}}}},
    }, Parameters={"Stage": STAGE, "Days": {"Type": "Number", "Default": 100}}, Conditions={"Prod": PROD})  # fmt: skip
    assert [m.rpartition(" (")[2] for m in findings(logging_group_first, body)] == ["with Stage = dev)"]
    assert [m.rpartition(" (")[2] for m in findings(retention_exists, body)] == ["with the parameters' defaults)"]


def test_what_the_user_fixes_stays_fixed() -> None:
    body = cluster({"Ref": "Stage"}, Parameters={"Stage": {"Type": "String", "Default": "1.15"}})
    fixed = Assembly([Template("T", body, parameters={"Stage": "1.36"})])
    assert evaluate(fixed, DEPLOYABLE).findings == ()


def test_a_finding_keeps_its_place_and_can_be_waived() -> None:
    body = cluster({"Ref": "Stage"}, Parameters={"Stage": {"Type": "String", "Default": "1.15"}})
    assembly = Assembly([Template("T", body)])
    (found,) = evaluate(assembly, [version_exists]).findings
    assert found.resource is assembly.templates[0].resources["Cluster"]
    waiver = Waiver(scope="T/Cluster", control=version_exists, reason="a museum", until=date(2026, 12, 31))
    outcome = evaluate(assembly, [version_exists], waivers=[waiver], today=date(2026, 11, 21))
    assert not outcome.findings
    assert len(outcome.waived) == 1


def test_the_rest_of_the_catalogue_and_changes_are_judged_as_written() -> None:
    access = {"Fn::If": ["Prod", False, True]}
    body = template(
        {"Cluster": ("AWS::EKS::Cluster", {"ResourcesVpcConfig": {"EndpointPublicAccess": access}, "Version": "1.36"})},
        Parameters={"Stage": STAGE}, Conditions={"Prod": PROD},
    )  # fmt: skip
    assert len(findings(private_endpoint, body)) == 1
    assert findings(create_only_unchanged, body, previous=body) == []


def test_many_choices_end() -> None:
    stage = {"Type": "String", "AllowedValues": [str(n) for n in range(1000)]}
    value = {"Fn::FindInMap": ["Versions", {"Ref": "Stage"}, "Eks"]}
    assert told(value, stage, Mappings={"Versions": {str(n): {"Eks": f"1.{n}"} for n in range(1000)}}) == []
