"""What only some deployments have does not count as set, also beside more choices than are combined."""

from typing import Any

import pytest

from hardened_eks.controls.deployable import (
    access_entries_unique,
    custom_ami_alone,
    endpoint_access_somewhere,
    instance_types_in_one_place,
    ipv6_ready,
    launch_template_network,
    nodegroup_launch_template_exclusive,
    pod_identity_tags,
    pod_identity_unique,
    security_group_rules_unique,
    update_config,
)
from hardened_eks.controls.model import Control
from tests.controls.cases import Body, findings, template

GROUP = "AWS::EKS::Nodegroup"
LAUNCH = "AWS::EC2::LaunchTemplate"
CLUSTER = "AWS::EKS::Cluster"
MANY = [f"P{n}" for n in range(5)]


def body(type_: str, properties: Any, launched: Any = None) -> Body:
    """Return a resource, a launch template for it, and more conditions on its tags than are combined."""
    tags = {name: {"Fn::If": [f"Is{name}", "yes", "no"]} for name in MANY}
    resources = {
        "It": (type_, {"Tags": tags, **properties}),
        "Launch": (LAUNCH, {"LaunchTemplateData": launched or {}}),
    }
    return template(
        resources,
        Parameters={name: {"Type": "String"} for name in (*MANY, "Own")},
        Conditions={
            **{f"Is{name}": {"Fn::Equals": [{"Ref": name}, "yes"]} for name in MANY},
            "IsOwn": {"Fn::Equals": [{"Ref": "Own"}, "yes"]},
        },
    )


def perhaps(value: Any) -> Any:
    return {"Fn::If": ["IsOwn", value, {"Ref": "AWS::NoValue"}]}


def otherwise(value: Any) -> Any:
    return {"Fn::If": ["IsOwn", {"Ref": "AWS::NoValue"}, value]}


LAUNCHED = {"Id": {"Ref": "Launch"}, "Version": "1"}
SETTINGS: list[tuple[Control, Body]] = [
    (nodegroup_launch_template_exclusive, body(GROUP, {"LaunchTemplate": otherwise(LAUNCHED), "DiskSize": perhaps(50)})),
    (custom_ami_alone, body(GROUP, {"LaunchTemplate": LAUNCHED, "AmiType": otherwise("AL2023_x86_64_STANDARD")},
                            {"ImageId": perhaps("ami-0123456789abcdef0")})),
    (instance_types_in_one_place, body(GROUP, {"LaunchTemplate": LAUNCHED, "InstanceTypes": otherwise(["m7i.large"])},
                                       {"InstanceType": perhaps("m7i.large")})),
    (update_config, body(GROUP, {"UpdateConfig": {"MaxUnavailable": perhaps(1),
                                                  "MaxUnavailablePercentage": otherwise(33)}})),
    (endpoint_access_somewhere, body(CLUSTER, {"ResourcesVpcConfig": {
        "EndpointPrivateAccess": True, "EndpointPublicAccess": False, "PublicAccessCidrs": perhaps(["192.0.2.0/24"])}})),
    (ipv6_ready, body(CLUSTER, {"KubernetesNetworkConfig": {
        "IpFamily": "ipv6", "ServiceIpv4Cidr": perhaps("172.20.0.0/16")}})),
    (pod_identity_tags, body("AWS::EKS::PodIdentityAssociation", {"Policy": perhaps("{}")})),
    (launch_template_network, body(LAUNCH, {"LaunchTemplateData": {
        "SecurityGroupIds": perhaps(["sg-1"]), "NetworkInterfaces": otherwise([{"DeviceIndex": 0}])}})),
]  # fmt: skip


@pytest.mark.parametrize(("control", "built"), SETTINGS, ids=[control.id for control, _ in SETTINGS])
def test_a_setting_that_a_condition_removes_is_not_certain(control: Control, built: Body) -> None:
    assert [one for one in findings(control, built) if not str(one).endswith("(with Own = yes)")] == []


ROLE = "arn:aws:iam::123456789012:role/payments"
TWINS: list[tuple[Control, tuple[str, Any]]] = [
    (security_group_rules_unique, ("AWS::EC2::SecurityGroupIngress", {
        "GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"})),
    (access_entries_unique, ("AWS::EKS::AccessEntry", {"ClusterName": "prod", "PrincipalArn": ROLE})),
    (pod_identity_unique, ("AWS::EKS::PodIdentityAssociation", {
        "ClusterName": "prod", "Namespace": "a", "ServiceAccount": "b", "RoleArn": ROLE})),
]  # fmt: skip


def twins(made: tuple[str, Any], first: str, second: str, own: Any) -> Body:
    type_, properties = made
    built = {"Type": type_, "Properties": properties}
    return template(
        {"One": {**built, "Condition": first}, "Two": {**built, "Condition": second}},
        Parameters={"Own": {"Type": "String", **own}},
        Conditions={"IsOwn": {"Fn::Equals": [{"Ref": "Own"}, "yes"]}, "IsOther": {"Fn::Not": [{"Condition": "IsOwn"}]}},
    )


@pytest.mark.parametrize("own", [{}, {"Default": "yes"}, {"Default": "no"}, {"AllowedValues": ["yes", "no"]}], ids=str)
@pytest.mark.parametrize(("control", "made"), TWINS, ids=[control.id for control, _ in TWINS])
def test_resources_that_exclude_each_other_are_no_duplicates(
    control: Control, made: tuple[str, Any], own: dict[str, Any]
) -> None:
    assert findings(control, twins(made, "IsOwn", "IsOther", own)) == []
    assert len(findings(control, twins(made, "IsOwn", "IsOwn", own))) == 1
