from hardened_eks.controls.deployable import cidrs_do_not_overlap
from tests.controls.cases import Case, at, change, template
from tests.controls.deployable.base import CL

NETWORK = template(
    {
        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        "A": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/20"}),
        "B": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.16.0/20"}),
        "Cluster": (
            CL,
            {
                "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]},
                "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16"},
            },
        ),
    }
)

CASE = Case(
    cidrs_do_not_overlap,
    NETWORK,
    bad=at(
        "CidrBlock",
        {
            "subnets overlap": change("AWS::EC2::Subnet", "CidrBlock", "10.0.0.0/20"),
            "outside": change("AWS::EC2::VPC", "CidrBlock", "10.1.0.0/16"),
            "host bits": change("AWS::EC2::Subnet", "CidrBlock", "10.0.0.5/20"),
            "too large": change("AWS::EC2::VPC", "CidrBlock", "10.0.0.0/8"),
            "too small": change("AWS::EC2::VPC", "CidrBlock", "10.0.0.0/29"),
            "the same part": change(
                "AWS::EC2::Subnet",
                "CidrBlock",
                {"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]},
            ),
            "second range": template(
                {
                    "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
                    "More": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.128.0/17"}),
                }
            ),
            "service range": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/16"),
        },
    ),
    edge={
        "secondary": template(
            {
                **{k: v for k, v in NETWORK["Resources"].items()},
                "Block": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/16"}),
                "Pods": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/18"}),
            }
        )
    },
)
