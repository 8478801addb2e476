import json
from typing import Any

from hardened_eks.controls.network import default_security_group_closed
from tests.controls.cases import ITSELF, Body, Case, at, change, template
from tests.controls.network.base import VPC, add, without

CLOSER = "Custom::VpcRestrictDefaultSG"

CLOSED = template(
    {
        "Vpc": (VPC, {}),
        "Closer": (
            CLOSER,
            {"DefaultSecurityGroupId": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}, "ServiceToken": "arn:x"},
        ),
    }
)

NOTHING = [{"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}]


def deployed(**rules: Any) -> Body:
    """The VPC as an account has it, with its default group; without a rule it lets nothing out."""
    group = {"Id": "sg-1", "GroupId": "sg-1", "GroupName": "default", "SecurityGroupEgress": NOTHING, **rules}
    vpc = {"VpcId": "vpc-1", "DefaultSecurityGroup": "sg-1"}
    return template({"Vpc": (VPC, vpc), "Group": ("AWS::EC2::SecurityGroup", group)})


CASE = Case(
    default_security_group_closed,
    CLOSED,
    bad=at(
        ITSELF,
        {
            "removed": without("Closer"),
            "a custom resource for something else": change(CLOSER, "DefaultSecurityGroupId", {"Ref": "Vpc"}),
            "a rule is added": add(
                Rule=("AWS::EC2::SecurityGroupIngress", {"GroupId": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}})
            ),
            "of another VPC": add(Other=(VPC, {})),
            "deployed, with ingress": deployed(
                SecurityGroupIngress=[{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-1"}]
            ),
            "deployed, with egress": deployed(SecurityGroupEgress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]),
        },
    ),
    edge={
        "deployed, without a rule": deployed(),
        "our own": lambda body: json.loads(json.dumps(body).replace(CLOSER, "Custom::ClosedDefaultSecurityGroup")),
        "in the generic type": lambda body: json.loads(
            json.dumps(body).replace(CLOSER, "AWS::CloudFormation::CustomResource")
        ),
    },
)
