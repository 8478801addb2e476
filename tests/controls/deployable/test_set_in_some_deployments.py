"""A property that only some deployments have does not count as set, also beside more choices than are combined."""

from typing import Any

import pytest

from hardened_eks.controls.deployable import (
    custom_ami_alone,
    endpoint_access_somewhere,
    instance_types_in_one_place,
    ipv6_ready,
    launch_template_network,
    nodegroup_launch_template_exclusive,
    pod_identity_tags,
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
