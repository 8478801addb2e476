from hardened_eks.controls.deployable import one_zone_where_needed
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import LT, NG

SUBNET, PG = "AWS::EC2::Subnet", "AWS::EC2::PlacementGroup"
BOTH = [{"Ref": "A"}, {"Ref": "B"}]
NODES = template(
    {
        "A": (SUBNET, {"AvailabilityZone": "eu-west-1a"}),
        "B": (SUBNET, {"AvailabilityZone": "eu-west-1b"}),
        "Near": (PG, {"Strategy": "cluster"}),
        "Template": (
            LT,
            {
                "LaunchTemplateData": {
                    "Placement": {"GroupName": {"Ref": "Near"}},
                    "NetworkInterfaces": [{"DeviceIndex": 0, "InterfaceType": "efa"}],
                }
            },
        ),
        "Nodes": (
            NG,
            {
                "CapacityType": "CAPACITY_BLOCK",
                "Subnets": [{"Ref": "A"}],
                "LaunchTemplate": {"Id": {"Ref": "Template"}, "Version": "1"},
            },
        ),
    }
)
ASG = "AWS::AutoScaling::AutoScalingGroup"
SELF_MANAGED = template(
    {
        **NODES["Resources"],
        "Group": (
            ASG,
            {
                "VPCZoneIdentifier": BOTH,
                "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"},
            },
        ),
    }
)
SPREAD = change(NG, "Subnets", BOTH)
NO_BLOCK = drop(NG, "CapacityType")
NO_EFA = change(LT, "LaunchTemplateData.NetworkInterfaces.0.InterfaceType", "interface")

CASE = Case(
    one_zone_where_needed,
    NODES,
    bad={
        "a block in two zones": Bad(SPREAD, "Subnets"),
        "efa in two zones": Bad(both(SPREAD, NO_BLOCK), "Subnets"),
        "near each other in two zones": Bad(both(SPREAD, NO_BLOCK, NO_EFA), "Subnets"),
        "self-managed, with EFA": Bad(lambda _: SELF_MANAGED, "VPCZoneIdentifier"),
        "self-managed, near each other": Bad(lambda _: NO_EFA(SELF_MANAGED), "VPCZoneIdentifier"),
        "self-managed, a block": Bad(
            lambda _: both(
                NO_EFA,
                drop(LT, "LaunchTemplateData.Placement"),
                change(LT, "LaunchTemplateData.InstanceMarketOptions.MarketType", "capacity-block"),
            )(SELF_MANAGED),
            "VPCZoneIdentifier",
        ),
        "subnets that are not seen": Bad(change(NG, "Subnets", ["subnet-1", "subnet-2"]), "Subnets"),
    },
    edge={
        "two subnets of a zone": both(SPREAD, change(SUBNET, "AvailabilityZone", "eu-west-1a")),
        "far from each other": both(SPREAD, NO_BLOCK, NO_EFA, change(PG, "Strategy", "spread")),
        "self-managed, in one": lambda _: change(ASG, "VPCZoneIdentifier", [{"Ref": "A"}])(SELF_MANAGED),
        "nothing that needs it": both(SPREAD, NO_BLOCK, drop(NG, "LaunchTemplate")),
    },
)
