"""A launch template may set an instance profile for Auto Scaling groups only, whatever else its template leaves open."""

from typing import Any

from hardened_eks.controls.deployable import nodegroup_launch_template_exclusive
from tests.controls.cases import Body, findings, template

NONE = {"Ref": "AWS::NoValue"}


def managed_or_not(profile: Any) -> Body:
    """Return a managed node group that is created on a condition, with more choices than are combined."""
    given = ("KeyPair", "Subnet1", "Subnet2", "Subnet3", "Id")
    conditions: dict[str, Any] = {f"Has{name}": {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]} for name in given}
    conditions["Managed"] = {"Fn::Equals": [{"Ref": "Kind"}, "Managed"]}
    conditions["Unmanaged"] = {"Fn::Equals": [{"Ref": "Kind"}, "Unmanaged"]}
    parameters: dict[str, Any] = {name: {"Type": "String", "Default": ""} for name in given}
    parameters["Kind"] = {"Type": "String", "AllowedValues": ["Managed", "Unmanaged"]}
    subnets = [{"Fn::If": [f"HasSubnet{n}", {"Ref": f"Subnet{n}"}, NONE]} for n in (1, 2, 3)]
    launched = {"Id": {"Fn::If": ["HasId", {"Ref": "Id"}, {"Ref": "Launch"}]}}
    body = template(
        {
            "Launch": ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {
                "IamInstanceProfile": profile, "KeyName": {"Fn::If": ["HasKeyPair", {"Ref": "KeyPair"}, NONE]},
            }}),
            "Group": ("AWS::EKS::Nodegroup", {"LaunchTemplate": launched, "Subnets": subnets}),
        },
        Parameters=parameters, Conditions=conditions,
    )  # fmt: skip
    body["Resources"]["Group"]["Condition"] = "Managed"
    return body


def test_a_profile_that_the_condition_of_the_group_excludes_is_fine() -> None:
    profile = {"Fn::If": ["Unmanaged", {"Arn": "arn:aws:iam::111122223333:instance-profile/p"}, NONE]}
    assert findings(nodegroup_launch_template_exclusive, managed_or_not(profile)) == []


def test_a_profile_of_every_group_is_found() -> None:
    (found,) = findings(nodegroup_launch_template_exclusive, managed_or_not({"Arn": {"Ref": "Id"}}))
    assert "IamInstanceProfile" in str(found)
