from hardened_eks.controls.deployable import ipv6_ready
from tests.controls.cases import Bad, Case, both, change, drop, hide, template
from tests.controls.deployable.base import CL

SUBNET = "AWS::EC2::Subnet"
SIX = template(
    {
        "A": (SUBNET, {"CidrBlock": "10.0.0.0/24", "Ipv6CidrBlock": "2001:db8::/64"}),
        "B": (SUBNET, {"CidrBlock": "10.0.1.0/24", "Ipv6CidrBlock": {"Fn::Select": [0, {"Ref": "Ranges"}]}}),
        "Cluster": (
            CL,
            {
                "KubernetesNetworkConfig": {"IpFamily": "ipv6"},
                "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]},
            },
        ),
    }
)
BARE = drop(SUBNET, "Ipv6CidrBlock")

CASE = Case(
    ipv6_ready,
    SIX,
    bad={
        "subnets without a range": Bad(BARE, "ResourcesVpcConfig.SubnetIds"),
        "one of them": Bad(
            template({**SIX["Resources"], "A": (SUBNET, {"CidrBlock": "10.0.0.0/24"})}), "ResourcesVpcConfig.SubnetIds"
        ),
        "service range": Bad(
            change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "172.20.0.0/16"),
            "KubernetesNetworkConfig.ServiceIpv4Cidr",
        ),
        "by override": Bad(
            both(BARE, change(CL, "KubernetesNetworkConfig.IpFamily", "ipv6")), "ResourcesVpcConfig.SubnetIds"
        ),
    },
    edge={
        "IPv4": both(BARE, change(CL, "KubernetesNetworkConfig", {"ServiceIpv4Cidr": "172.20.0.0/16"})),
        "hidden family": both(BARE, hide(CL, "KubernetesNetworkConfig.IpFamily")),
        "foreign subnets": change(CL, "ResourcesVpcConfig.SubnetIds", ["subnet-1", "subnet-2"]),
        "from a pool": both(BARE, change(SUBNET, "Ipv6NetmaskLength", 64)),
        "range added later": template(
            {
                "A": (SUBNET, {"CidrBlock": "10.0.0.0/24"}),
                "Range": (
                    "AWS::EC2::SubnetCidrBlock",
                    {"SubnetId": {"Ref": "A"}, "Ipv6CidrBlock": "2001:db8::/64"},
                ),
                "Cluster": (
                    CL,
                    {
                        "KubernetesNetworkConfig": {"IpFamily": "ipv6"},
                        "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}]},
                    },
                ),
            }
        ),
    },
)
