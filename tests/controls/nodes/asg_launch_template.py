from hardened_eks.controls.nodes import asg_launch_template
from tests.controls.cases import Bad, Case, both, change, drop, hide
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
        "one override": Bad(
            change(ASG, OVERRIDES, [{"InstanceType": "m7g.large"}]), "MixedInstancesPolicy.LaunchTemplate.Overrides"
        ),
        "the same type twice": Bad(
            change(ASG, f"{OVERRIDES}.1.InstanceType", "m7g.large"), "MixedInstancesPolicy.LaunchTemplate.Overrides"
        ),
        "no override": Bad(drop(ASG, OVERRIDES), "MixedInstancesPolicy.LaunchTemplate.Overrides"),
        "policy hidden": Bad(hide(ASG, "MixedInstancesPolicy"), "MixedInstancesPolicy"),
        "one subnet": Bad(change(ASG, "VPCZoneIdentifier", [{"Ref": "A"}]), "VPCZoneIdentifier"),
        "one subnet written out": Bad(change(ASG, "VPCZoneIdentifier", ["subnet-1"]), "VPCZoneIdentifier"),
        "two subnets of one zone": Bad(
            both(change("AWS::EC2::Subnet", "AvailabilityZone", "eu-west-1a"), lambda body: body), "VPCZoneIdentifier"
        ),
        "no subnets": Bad(drop(ASG, "VPCZoneIdentifier"), "VPCZoneIdentifier"),
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
