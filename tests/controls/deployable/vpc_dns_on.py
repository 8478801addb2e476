from hardened_eks.controls.deployable import vpc_dns_on
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

VPC, ENDPOINT = "AWS::EC2::VPC", "AWS::EC2::VPCEndpoint"
STS = {"VpcId": {"Ref": "Vpc"}, "VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.eu-west-1.sts"}
PRIVATE = template(
    {
        "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True}),
        "Sts": (ENDPOINT, {**STS, "PrivateDnsEnabled": True}),
    }
)

CASE = Case(
    vpc_dns_on,
    PRIVATE,
    bad={
        **at(
            "EnableDnsHostnames",
            {
                "left out": drop(VPC, "EnableDnsHostnames"),
                "off": change(VPC, "EnableDnsHostnames", "false"),
                "for the control plane": template(
                    {
                        "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}),
                        "A": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}}),
                        "Cluster": (
                            "AWS::EKS::Cluster",
                            {"ResourcesVpcConfig": {"EndpointPrivateAccess": True, "SubnetIds": [{"Ref": "A"}]}},
                        ),
                    }
                ),
            },
        ),
        "no resolver": Bad(change(VPC, "EnableDnsSupport", False), "EnableDnsSupport"),
    },
    edge={
        "hidden": hide(VPC, "EnableDnsHostnames"),
        "no private names": both(drop(VPC, "EnableDnsHostnames"), drop(ENDPOINT, "PrivateDnsEnabled")),
        "gateway": both(drop(VPC, "EnableDnsHostnames"), change(ENDPOINT, "VpcEndpointType", "Gateway")),
        "nothing in it": both(drop(VPC, "EnableDnsHostnames"), drop(ENDPOINT, "")),
    },
)
