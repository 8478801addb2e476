from hardened_eks.controls.deployable import ipv6_subnets
from tests.controls.cases import Bad, Case, at, both, change, drop, template
from tests.controls.deployable.base import CL

SUBNET, BLOCK = "AWS::EC2::Subnet", "AWS::EC2::SubnetCidrBlock"
FAMILY = "KubernetesNetworkConfig.IpFamily"


def vpc(**more):
    return template(
        {
            "A": (SUBNET, {"VpcId": "vpc-1", "Ipv6CidrBlock": "2600:1f13:1:1::/64"}),
            "B": (SUBNET, {"VpcId": "vpc-1", "Ipv6CidrBlock": {"Fn::Select": [1, {"Ref": "Ranges"}]}}),
            "Cluster": (
                CL,
                {
                    "KubernetesNetworkConfig": {"IpFamily": "ipv6"},
                    "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]},
                },
            ),
            **more,
        }
    )


CASE = Case(
    ipv6_subnets,
    vpc(),
    bad={
        **at(
            ("ResourcesVpcConfig.SubnetIds.0", "ResourcesVpcConfig.SubnetIds.1"),
            {"none has a range": drop(SUBNET, "Ipv6CidrBlock")},
        ),
        "one has none": Bad(
            both(drop(SUBNET, "Ipv6CidrBlock"), lambda body: {**body, "Resources": {
                **body["Resources"],
                "Range": {"Type": BLOCK, "Properties": {"SubnetId": {"Ref": "A"}, "Ipv6CidrBlock": "2600::/64"}},
            }}),
            "ResourcesVpcConfig.SubnetIds.1",
        ),
    },
    edge={
        "IPv4": both(change(CL, FAMILY, "ipv4"), drop(SUBNET, "Ipv6CidrBlock")),
        "family left out": both(drop(CL, "KubernetesNetworkConfig"), drop(SUBNET, "Ipv6CidrBlock")),
        "family known at deployment": both(change(CL, FAMILY, {"Ref": "Family"}), drop(SUBNET, "Ipv6CidrBlock")),
        "range from a pool": both(drop(SUBNET, "Ipv6CidrBlock"), change(SUBNET, "Ipv6IpamPoolId", "ipam-pool-1")),
        "subnets elsewhere": both(change(CL, "ResourcesVpcConfig.SubnetIds", ["subnet-1"]), drop(SUBNET, "")),
    },
)  # fmt: skip
