from hardened_eks.controls.deployable import cidrs_do_not_overlap
from tests.controls.cases import ITSELF, Bad, Case, at, change, template
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
    bad={
        **at(
            ITSELF,
            {
                "subnets overlap": change("AWS::EC2::Subnet", "CidrBlock", "10.0.0.0/20"),
                "outside": change("AWS::EC2::VPC", "CidrBlock", "10.1.0.0/16"),
                "host bits": change("AWS::EC2::Subnet", "CidrBlock", "10.0.0.5/20"),
            },
        ),
        "too large": Bad(change("AWS::EC2::VPC", "CidrBlock", "10.0.0.0/8"), "CidrBlock"),
        "too small": Bad(change("AWS::EC2::VPC", "CidrBlock", "10.0.0.0/29"), "CidrBlock", ITSELF),
        "the same part": Bad(
            change(
                "AWS::EC2::Subnet",
                "CidrBlock",
                {"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]},
            ),
            ITSELF,
        ),
        "block beyond the last": Bad(
            change(
                "AWS::EC2::Subnet",
                "CidrBlock",
                {"Fn::Select": ["4", {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, "4", 8]}]},
            ),
            ITSELF,
        ),
        "second range": Bad(
            template(
                {
                    "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
                    "More": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.128.0/17"}),
                }
            ),
            "CidrBlock",
        ),
        **at(
            ITSELF,
            {
                f"{added} beside {first}": template(
                    {
                        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": first}),
                        "More": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": added}),
                    }
                )
                for first, added in (
                    ("10.0.0.0/16", "172.20.0.0/16"),
                    ("100.64.0.0/16", "10.1.0.0/16"),
                    ("10.1.0.0/16", "10.0.0.0/17"),
                    ("10.0.0.0/16", "198.19.0.0/16"),
                    ("172.16.0.0/16", "172.31.0.0/16"),
                )
            },
        ),
        "service range": Bad(change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/16"), ITSELF),
    },
    edge={
        **{
            f"{added} beside {first}": template(
                {
                    "Vpc": ("AWS::EC2::VPC", {"CidrBlock": first}),
                    "More": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": added}),
                }
            )
            for first, added in (("10.2.0.0/16", "10.0.0.0/16"), ("192.168.0.0/16", "52.0.0.0/16"))
        },
        "secondary": template(
            {
                **{k: v for k, v in NETWORK["Resources"].items()},
                "Block": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/16"}),
                "Pods": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/18"}),
            }
        ),
    },
)
