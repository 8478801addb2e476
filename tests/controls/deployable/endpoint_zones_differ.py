from hardened_eks.controls.deployable import endpoint_zones_differ
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

SUBNET, ENDPOINT = "AWS::EC2::Subnet", "AWS::EC2::VPCEndpoint"


def zone(index):
    return {"Fn::Select": [index, {"Fn::GetAZs": ""}]}


def subnets(*zones):
    made = {f"S{n}": (SUBNET, {"VpcId": "vpc-1", "AvailabilityZone": one}) for n, one in enumerate(zones)}
    given = {"VpcId": "vpc-1", "VpcEndpointType": "Interface", "SubnetIds": [{"Ref": name} for name in made]}
    return template({**made, "Sts": (ENDPOINT, given)})


CASE = Case(
    endpoint_zones_differ,
    subnets("eu-west-1a", "eu-west-1b"),
    bad={
        **at(
            "SubnetIds.1",
            {
                "same name": subnets("eu-west-1a", "eu-west-1a", "eu-west-1b"),
                "same place": subnets(zone(0), zone("0")),
                "same parameter": subnets({"Ref": "Zone"}, {"Ref": "Zone"}),
                "ours": change(SUBNET, "AvailabilityZone", "eu-west-1a"),
            },
        ),
        "third": Bad(subnets("eu-west-1a", "eu-west-1b", "eu-west-1a"), "SubnetIds.2"),
    },
    edge={
        "places": subnets(zone(0), zone(1)),
        "parameters": subnets({"Ref": "One"}, {"Ref": "Other"}),
        "nobody says": drop(SUBNET, "AvailabilityZone"),
        "foreign": change(ENDPOINT, "SubnetIds", ["subnet-1", "subnet-2"]),
        "twice the same subnet": both(
            change(ENDPOINT, "SubnetIds", [{"Ref": "S0"}, {"Ref": "S0"}]), hide(SUBNET, "VpcId")
        ),
    },
)
