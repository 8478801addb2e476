"""Two values that are known only at deployment are the same only if they are written alike."""

from typing import Any

import pytest

from hardened_eks.controls.deployable import (
    access_entries_unique,
    endpoints_unique,
    names_unique,
    pod_identity_unique,
    security_group_rules_unique,
)
from hardened_eks.controls.model import Control
from hardened_eks.controls.security_groups import narrow_ingress
from tests.controls.cases import findings, template

PAIRS = {
    "exports": ({"Fn::ImportValue": "One"}, {"Fn::ImportValue": "Two"}),
    "exports of stacks": ({"Fn::ImportValue": {"Fn::Sub": "${P}-One"}}, {"Fn::ImportValue": {"Fn::Sub": "${P}-Two"}}),
    "items": ({"Fn::Select": [0, {"Ref": "L"}]}, {"Fn::Select": [1, {"Ref": "L"}]}),
    "keys": (
        {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "One"]},
        {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "Two"]},
    ),
    "outputs": (
        {"Fn::GetStackOutput": {"StackName": "s", "OutputName": "One"}},
        {"Fn::GetStackOutput": {"StackName": "s", "OutputName": "Two"}},
    ),
}
SECTIONS = {
    "Parameters": {"L": {"Type": "CommaDelimitedList"}, "P": {"Type": "String"}},
    "Mappings": {"M": {"eu-west-1": {"One": "a", "Two": "b"}, "eu-west-2": {"One": "a", "Two": "c"}}},
}


def rule(value: Any) -> tuple[str, dict[str, Any]]:
    ports = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    return "AWS::EC2::SecurityGroupIngress", {"GroupId": "sg-1", "SourceSecurityGroupId": value, **ports}


def entry(value: Any) -> tuple[str, dict[str, Any]]:
    return "AWS::EKS::AccessEntry", {"ClusterName": "c", "PrincipalArn": value}


def association(value: Any) -> tuple[str, dict[str, Any]]:
    return "AWS::EKS::PodIdentityAssociation", {
        "ClusterName": "c", "Namespace": value, "ServiceAccount": "a", "RoleArn": "arn:aws:iam::111122223333:role/r",
    }  # fmt: skip


def endpoint(value: Any) -> tuple[str, dict[str, Any]]:
    return "AWS::EC2::VPCEndpoint", {
        "VpcId": value, "ServiceName": "com.amazonaws.eu-west-1.sts", "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
    }  # fmt: skip


def log_group(value: Any) -> tuple[str, dict[str, Any]]:
    return "AWS::Logs::LogGroup", {"LogGroupName": value}


UNIQUE = [
    (security_group_rules_unique, rule),
    (access_entries_unique, entry),
    (pod_identity_unique, association),
    (endpoints_unique, endpoint),
    (names_unique, log_group),
]


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize(("control", "made"), UNIQUE, ids=[control.id for control, _ in UNIQUE])
def test_values_that_are_written_apart_are_no_duplicates(control: Control, made: Any, pair: tuple[Any, Any]) -> None:
    first, second = pair
    assert findings(control, template({"A": made(first), "B": made(second)}, **SECTIONS)) == []
    assert len(findings(control, template({"A": made(first), "B": made(first)}, **SECTIONS))) == 1


def test_a_rule_between_two_imported_groups_is_not_within_one() -> None:
    ends = {"GroupId": {"Fn::ImportValue": "One"}, "SourceSecurityGroupId": {"Fn::ImportValue": "Two"}}
    rule = ("AWS::EC2::SecurityGroupIngress", {**ends, "IpProtocol": "-1", "Description": "all"})
    assert len(findings(narrow_ingress, template({"Rule": rule}))) == 1
