from hardened_eks.controls.network import separate_tiers
from tests.controls.cases import Case, ITSELF, add, at, both, template, without
from tests.controls.network.base import CL, NG, ROUTE, SUBNET, VPC, edit

TIERS = template(
    {
        "Vpc": (VPC, {}),
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Public": (SUBNET, {"VpcId": {"Ref": "Vpc"}}),
        "Private": (SUBNET, {"VpcId": {"Ref": "Vpc"}}),
        "Table": ("AWS::EC2::RouteTable", {}),
        "ToPublic": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "Public"}, "RouteTableId": {"Ref": "Table"}},
        ),
        "Route": (
            ROUTE,
            {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}},
        ),
        "Nat": ("AWS::EC2::NatGateway", {"SubnetId": {"Ref": "Public"}}),
        "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Private"}]}}),
    }
)

IN_PUBLIC = [{"Ref": "Public"}]

CASE = Case(
    separate_tiers,
    TIERS,
    bad=at(
        ITSELF,
        {
            "cluster": edit("Cluster", ResourcesVpcConfig={"SubnetIds": IN_PUBLIC}),
            "nodes": add(Nodes=(NG, {"Subnets": IN_PUBLIC})),
            "an instance": add(Host=("AWS::EC2::Instance", {"SubnetId": {"Ref": "Public"}})),
            "gateway hidden": both(
                edit("Route", GatewayId={"Ref": "Somewhere"}), add(Nodes=(NG, {"Subnets": IN_PUBLIC}))
            ),
        },
    ),
    edge={
        "a load balancer": add(Balancer=("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": IN_PUBLIC})),
        "no public route": both(without("Route"), add(Nodes=(NG, {"Subnets": IN_PUBLIC}))),
    },
)
