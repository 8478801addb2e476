from hardened_eks.controls.deployable import efa_between_members
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import LT, without

SG = "AWS::EC2::SecurityGroup"
IN, OUT = f"{SG}Ingress", f"{SG}Egress"
GROUPS = "LaunchTemplateData.NetworkInterfaces.0.Groups"
ITSELF = {"Fn::GetAtt": ["Group", "GroupId"]}
EFA = template(
    {
        "Group": (SG, {"GroupDescription": "nodes"}),
        "In": (IN, {"GroupId": ITSELF, "SourceSecurityGroupId": ITSELF, "IpProtocol": "-1"}),
        "Out": (OUT, {"GroupId": ITSELF, "DestinationSecurityGroupId": ITSELF, "IpProtocol": "-1"}),
        "Template": (
            LT,
            {"LaunchTemplateData": {"NetworkInterfaces": [{"InterfaceType": "efa", "Groups": [ITSELF]}]}},
        ),
    }
)

CASE = Case(
    efa_between_members,
    EFA,
    bad={
        "nothing comes in": Bad(without("In"), GROUPS),
        "nothing goes out": Bad(without("Out"), GROUPS),
        "TCP alone": Bad(change(IN, "IpProtocol", "tcp"), GROUPS),
        "to anybody, not to itself": Bad(
            both(drop(OUT, "DestinationSecurityGroupId"), change(OUT, "CidrIp", "0.0.0.0/0")), GROUPS
        ),
        "neither way": Bad(both(without("In"), without("Out")), GROUPS, GROUPS),
    },
    edge={
        "no EFA": change(LT, "LaunchTemplateData.NetworkInterfaces.0.InterfaceType", "interface"),
        "a group that is not seen": change(LT, GROUPS, ["sg-0123456789abcdef0"]),
    },
)
