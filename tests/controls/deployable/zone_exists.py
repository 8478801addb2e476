from hardened_eks.controls.deployable import zone_exists
from tests.controls.cases import Case, at, change, template

SUBNET = "AWS::EC2::Subnet"


def az(index, region):
    return {"Fn::Select": [index, {"Fn::GetAZs": region}]}


CASE = Case(
    zone_exists,
    template(
        {
            "Subnet": (SUBNET, {"VpcId": "vpc-1", "AvailabilityZone": az(1, "us-west-1")}),
        }
    ),
    bad={
        **at(
            "AvailabilityZone",
            {
                "third of two": change(SUBNET, "AvailabilityZone", az(2, "us-west-1")),
                "index as text": change(SUBNET, "AvailabilityZone", az("2", "us-west-1")),
                "not looked up": change(SUBNET, "AvailabilityZone", "dummy1a"),
                "fourth of three": change(SUBNET, "AvailabilityZone", az(3, "eu-west-1")),
                "in one branch": {
                    **template(
                        {
                            "Subnet": (
                                SUBNET,
                                {"AvailabilityZone": {"Fn::If": ["Many", az(2, "us-west-1"), az(0, "us-west-1")]}},
                            )
                        }
                    ),
                    "Parameters": {"Number": {"Type": "String"}},
                    "Conditions": {"Many": {"Fn::Equals": [{"Ref": "Number"}, "3"]}},
                },
            },
        ),
        **at(
            "AvailabilityZone",
            {
                "of two regions": template(
                    {
                        "One": (SUBNET, {"AvailabilityZone": "eu-west-1a"}),
                        "Other": (SUBNET, {"AvailabilityZone": "us-east-1b"}),
                    }
                )
            },
        ),
        **at(
            "AvailabilityZones.1",
            {
                "of a group, of two regions": template(
                    {
                        "Group": (
                            "AWS::AutoScaling::AutoScalingGroup",
                            {"AvailabilityZones": ["eu-west-1a", "eu-central-1a"]},
                        )
                    }
                ),
                "of a group": template(
                    {
                        "Group": (
                            "AWS::AutoScaling::AutoScalingGroup",
                            {"AvailabilityZones": [az(0, "us-west-1"), az(2, "us-west-1")]},
                        )
                    }
                ),
            },
        ),
    },
    edge={
        "four zones": change(SUBNET, "AvailabilityZone", az(3, "us-west-2")),
        "of a region that is not known": change(SUBNET, "AvailabilityZone", az(3, "ap-southeast-7")),
        "of no region": change(SUBNET, "AvailabilityZone", az(5, "")),
        "own region, not known": change(SUBNET, "AvailabilityZone", az(5, {"Ref": "AWS::Region"})),
        "parameter": change(SUBNET, "AvailabilityZone", {"Ref": "Zone"}),
        "several of one region that is not known": template(
            {
                "One": (SUBNET, {"AvailabilityZone": "us-west-2a"}),
                "Other": (SUBNET, {"AvailabilityZone": "us-west-2-lax-1a"}),
                "Third": (SUBNET, {"AvailabilityZone": "no zone"}),
            }
        ),
        "named, of no region": change(SUBNET, "AvailabilityZone", "eu-west-1a"),
        "all zones of a group": template(
            {"Group": ("AWS::AutoScaling::AutoScalingGroup", {"AvailabilityZones": {"Fn::GetAZs": ""}})}
        ),
    },
)
