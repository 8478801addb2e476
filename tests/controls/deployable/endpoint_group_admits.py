from hardened_eks.controls.deployable import endpoint_group_admits
from tests.controls.cases import Case, at, both, change, drop, hide, template

GROUP, RULE, ENDPOINT = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::VPCEndpoint"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
PRIVATE = template(
    {
        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        "Subnet": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}),
        "Nodes": ("AWS::EKS::Nodegroup", {"Subnets": [{"Ref": "Subnet"}]}),
        "Group": (GROUP, {"GroupDescription": "endpoints", "SecurityGroupIngress": [HTTPS]}),
        "Sts": (
            ENDPOINT,
            {
                "VpcId": {"Ref": "Vpc"},
                "VpcEndpointType": "Interface",
                "ServiceName": "com.amazonaws.eu-west-1.sts",
                "SecurityGroupIds": [{"Ref": "Group"}],
            },
        ),
    }
)
BARE = drop(GROUP, "SecurityGroupIngress")


def beside(**rule):
    made = BARE(PRIVATE)["Resources"]
    return template({**made, "Rule": (RULE, {"GroupId": {"Fn::GetAtt": ["Group", "GroupId"]}, **rule})})


CASE = Case(
    endpoint_group_admits,
    PRIVATE,
    bad=at(
        "SecurityGroupIds",
        {
            "no rule": both(drop(RULE, ""), BARE),
            "another port": change(GROUP, "SecurityGroupIngress", [{**HTTPS, "FromPort": 80, "ToPort": 80}]),
            "another protocol": change(GROUP, "SecurityGroupIngress.0.IpProtocol", "udp"),
            "outwards": both(BARE, change(GROUP, "SecurityGroupEgress", [HTTPS])),
            "rule beside it": beside(**{**HTTPS, "FromPort": 22, "ToPort": 22}),
        },
    ),
    edge={
        "nobody calls yet": both(BARE, drop("AWS::EKS::Nodegroup", "")),
        "rule beside it": beside(**HTTPS),
        "all protocols": beside(IpProtocol="-1", CidrIp="10.0.0.0/16"),
        "hidden rules": hide(GROUP, "SecurityGroupIngress"),
        "hidden port": change(GROUP, "SecurityGroupIngress.0.FromPort", {"Ref": "Port"}),
        "foreign group": change(ENDPOINT, "SecurityGroupIds", ["sg-1"]),
        "beside a foreign group": both(BARE, change(ENDPOINT, "SecurityGroupIds", [{"Ref": "Group"}, "sg-1"])),
        "default group": drop(ENDPOINT, "SecurityGroupIds"),
    },
)
