from hardened_eks.controls.nodes import asg_launch_template
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import ASG, OVERRIDES, SCALED

CASE = Case(
    asg_launch_template,
    SCALED,
    bad={
        "launch configuration": Bad(
            both(drop(ASG, "MixedInstancesPolicy"), change(ASG, "LaunchConfigurationName", "old")),
            "LaunchConfigurationName",
            "MixedInstancesPolicy",
        ),
        "launch configuration as well": Bad(
            change(ASG, "LaunchConfigurationName", {"Ref": "Old"}), "LaunchConfigurationName"
        ),
        "of an instance": Bad(
            both(drop(ASG, "MixedInstancesPolicy"), change(ASG, "InstanceId", "i-1")),
            "LaunchTemplate",
            "MixedInstancesPolicy",
        ),
        "one type": Bad(
            both(
                drop(ASG, "MixedInstancesPolicy"),
                change(ASG, "LaunchTemplate", {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"}),
            ),
            "MixedInstancesPolicy",
        ),
        **at(
            "MixedInstancesPolicy.LaunchTemplate.Overrides",
            {
                "one override": change(ASG, OVERRIDES, [{"InstanceType": "m7g.large"}]),
                "the same type twice": change(ASG, f"{OVERRIDES}.1.InstanceType", "m7g.large"),
                "no override": drop(ASG, OVERRIDES),
            },
        ),
        "policy hidden": Bad(hide(ASG, "MixedInstancesPolicy"), "MixedInstancesPolicy"),
        **at(
            "VPCZoneIdentifier",
            {
                "one subnet": change(ASG, "VPCZoneIdentifier", [{"Ref": "A"}]),
                "one subnet written out": change(ASG, "VPCZoneIdentifier", ["subnet-1"]),
                "two subnets of one zone": both(
                    change("AWS::EC2::Subnet", "AvailabilityZone", "eu-west-1a"), lambda body: body
                ),
                "no subnets": drop(ASG, "VPCZoneIdentifier"),
            },
        ),
        "one zone": Bad(
            both(drop(ASG, "VPCZoneIdentifier"), change(ASG, "AvailabilityZones", ["eu-west-1a"])), "AvailabilityZones"
        ),
    },
    edge={
        "all zones": both(drop(ASG, "VPCZoneIdentifier"), change(ASG, "AvailabilityZones", {"Fn::GetAZs": ""})),
        "subnets in a parameter": hide(ASG, "VPCZoneIdentifier"),
        "subnets joined": change(ASG, "VPCZoneIdentifier", [{"Fn::Join": [",", ["subnet-1", {"Ref": "More"}]]}]),
        "subnets as text": change(ASG, "VPCZoneIdentifier", "subnet-1,subnet-2"),
        "subnets without a zone": drop("AWS::EC2::Subnet", "AvailabilityZone"),
        "any fitting type": change(ASG, OVERRIDES, [{"InstanceRequirements": {"VCpuCount": {"Min": 2}}}]),
        "types in a parameter": hide(ASG, OVERRIDES),
    },
)
