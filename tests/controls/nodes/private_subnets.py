from hardened_eks.controls.nodes import private_subnets
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import GOOD, GROUP, chosen, plus


def route(**more):
    return plus(Route=("AWS::EC2::Route", {"RouteTableId": {"Ref": "Table"}, **more}))


ASG = "AWS::AutoScaling::AutoScalingGroup"
OWN = {"Key": "kubernetes.io/cluster/one", "Value": "owned", "PropagateAtLaunch": True}


def self_managed(*tags):
    return plus(
        Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True}),
        Own=(ASG, {"VPCZoneIdentifier": [{"Ref": "Subnet"}, {"Ref": "Public"}], "Tags": list(tags)}),
    )


CASE = Case(
    private_subnets,
    GOOD,
    bad={
        **at(
            "Subnets.0",
            {
                "addresses on launch": change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", True),
                "addresses as text": change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "true"),
                "addresses hidden": hide("AWS::EC2::Subnet", "MapPublicIpOnLaunch"),
                "route": route(DestinationCidrBlock="0.0.0.0/0", GatewayId={"Ref": "Gateway"}),
                "route on IPv6": route(DestinationIpv6CidrBlock="::/0", GatewayId={"Ref": "Gateway"}),
                "route to a gateway elsewhere": route(DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-1"),
            },
        ),
        "second subnet": Bad(
            both(
                plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
                change(GROUP, "Subnets", [{"Ref": "Subnet"}, {"Ref": "Public"}]),
            ),
            "Subnets.1",
        ),
        "in one case": Bad(
            both(
                plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
                change(GROUP, "Subnets", chosen([{"Ref": "Subnet"}], [{"Ref": "Public"}])),
            ),
            "Subnets",
        ),
        "one in one case": Bad(
            both(
                plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
                change(GROUP, "Subnets", [chosen({"Ref": "Subnet"}, {"Ref": "Public"})]),
            ),
            "Subnets.0",
        ),
        "self-managed": Bad(both(self_managed(OWN), drop(GROUP, "")), "VPCZoneIdentifier.1"),
        "Fargate": Bad(
            both(
                plus(
                    Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True}),
                    Profile=("AWS::EKS::FargateProfile", {"Subnets": [{"Ref": "Public"}]}),
                ),
                drop(GROUP, ""),
            ),
            "Subnets.0",
        ),
    },
    edge={
        "machines that are no nodes": self_managed(),
        "text": change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "false"),
        "left out": drop("AWS::EC2::Subnet", "MapPublicIpOnLaunch"),
        "NAT": route(DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-1"),
        "endpoint": route(DestinationCidrBlock="10.1.0.0/16", GatewayId="vgw-1"),
        "public subnet of others": plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
        "subnets elsewhere": change(GROUP, "Subnets", ["subnet-1"]),
        "subnets in a parameter": hide(GROUP, "Subnets"),
        "malformed": change(GROUP, "Subnets", {"a": 1}),
    },
)
