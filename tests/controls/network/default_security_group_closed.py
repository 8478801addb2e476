import json

from hardened_eks.controls.network import default_security_group_closed
from tests.controls.cases import Case, ITSELF, add, at, change, template, without
from tests.controls.network.base import VPC

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
        },
    ),
    edge={
        "our own": lambda body: json.loads(json.dumps(body).replace(CLOSER, "Custom::ClosedDefaultSecurityGroup")),
        "in the generic type": lambda body: json.loads(
            json.dumps(body).replace(CLOSER, "AWS::CloudFormation::CustomResource")
        ),
    },
)
