from hardened_eks.controls.deployable import live_network_unchanged
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import CL

VPC, SUBNET = "AWS::EC2::VPC", "AWS::EC2::Subnet"


def network(*zones, given=None, **more):
    made = {
        f"S{n}": (SUBNET, {"VpcId": {"Ref": "Vpc"}, "CidrBlock": f"10.0.{n}.0/24", "AvailabilityZone": zone})
        for n, zone in enumerate(zones)
    }
    subnets = given or [{"Ref": name} for name in made]
    return template(
        {
            "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}),
            **made,
            "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": subnets}}),
            **more,
        }
    )


DEPLOYED = network("eu-west-1a", "eu-west-1b")


def moved(body):
    """Give the VPC another logical ID, and with it everything that is in it."""
    resources = dict(body["Resources"])
    vpc = resources.pop("Vpc")
    return template(
        {
            **resources,
            "Other": vpc,
            **{n: (SUBNET, {**resources[n]["Properties"], "VpcId": {"Ref": "Other"}}) for n in ("S0", "S1")},
        }
    )


OTHERS = {
    f"T{n}": (
        SUBNET,
        {"VpcId": {"Ref": "Other"}, "CidrBlock": f"10.9.{n}.0/24", "AvailabilityZone": f"eu-west-1{zone}"},
    )
    for n, zone in enumerate("ab")
}
ELSEWHERE = network(
    "eu-west-1a", "eu-west-1b",
    given=[{"Ref": "T0"}, {"Ref": "T1"}], Other=(VPC, {"CidrBlock": "10.9.0.0/16"}), **OTHERS,
)  # fmt: skip

CASE = Case(
    live_network_unchanged,
    DEPLOYED,
    bad={
        "range": Bad(change(VPC, "CidrBlock", "10.1.0.0/16"), "CidrBlock"),
        "range with its subnets": Bad(
            both(change(VPC, "CidrBlock", "10.1.0.0/16"), change(SUBNET, "CidrBlock", "10.1.0.0/24")), "CidrBlock"
        ),
        "ranges of subnets": Bad(change(SUBNET, "CidrBlock", "10.0.9.0/24"), "CidrBlock"),
        "a zone less": Bad(network("eu-west-1a"), "ResourcesVpcConfig.SubnetIds"),
        "a zone more": Bad(network("eu-west-1a", "eu-west-1b", "eu-west-1c"), "ResourcesVpcConfig.SubnetIds"),
        "another zone": Bad(network("eu-west-1a", "eu-west-1c"), "AvailabilityZone", "ResourcesVpcConfig.SubnetIds"),
        "another VPC": Bad(change(SUBNET, "VpcId", "vpc-2"), "VpcId"),
        "subnets of another VPC": Bad(ELSEWHERE, "ResourcesVpcConfig.SubnetIds"),
        "another ID of the VPC": Bad(moved(DEPLOYED), "VpcId", "ResourcesVpcConfig.SubnetIds"),
    },
    edge={
        "a subnet more": network("eu-west-1a", "eu-west-1b", "eu-west-1b"),
        "public addresses": change(SUBNET, "MapPublicIpOnLaunch", False),
        "host names": change(VPC, "EnableDnsHostnames", True),
        "foreign subnets": network("eu-west-1a", "eu-west-1b", given=["subnet-1", "subnet-2"]),
        "another network beside it": network("eu-west-1a", "eu-west-1b", Other=(VPC, {"CidrBlock": "10.9.0.0/16"})),
        "the cluster goes": drop(CL, ""),
    },
    previous=DEPLOYED,
)
