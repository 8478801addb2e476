from hardened_eks.controls.deployable import instance_type_exists
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import LT, NG, NODES

ASG = "AWS::AutoScaling::AutoScalingGroup"

CASE = Case(
    instance_type_exists,
    NODES,
    bad={
        "unknown": Bad(change(NG, "InstanceTypes", ["m99.large"]), "InstanceTypes.0"),
        "mistyped": Bad(change(NG, "InstanceTypes", ["m7g-large"]), "InstanceTypes.0"),
        "retired": Bad(change(NG, "InstanceTypes", ["p3.2xlarge", "f1.2xlarge"]), "InstanceTypes.0", "InstanceTypes.1"),
        "in the template": Bad(
            change(LT, "LaunchTemplateData.InstanceType", "m7g.mega"), "LaunchTemplateData.InstanceType"
        ),
        "Auto Scaling group": Bad(
            template(
                {
                    "Group": (
                        ASG,
                        {
                            "MixedInstancesPolicy": {
                                "LaunchTemplate": {
                                    "Overrides": [{"InstanceType": "m7g.large"}, {"InstanceType": "m7g"}]
                                }
                            }
                        },
                    )
                }
            ),
            "MixedInstancesPolicy.LaunchTemplate.Overrides.1.InstanceType",
        ),
        "launch configuration": Bad(
            template({"Old": ("AWS::AutoScaling::LaunchConfiguration", {"InstanceType": "f1.2xlarge"})}), "InstanceType"
        ),
        "in one case": Bad(
            change(NG, "InstanceTypes", [{"Fn::If": ["Unknown", "m7g.mega", "m7g.large"]}]), "InstanceTypes.0"
        ),
        "instance": Bad(template({"Host": ("AWS::EC2::Instance", {"InstanceType": "t9.micro"})}), "InstanceType"),
    },
    edge={
        "patterns": change(
            LT, "LaunchTemplateData.InstanceRequirements", {"AllowedInstanceTypes": ["m*.*", "m7g.large"]}
        ),
        "named by the launch template": both(
            drop(NG, "InstanceTypes"), change(LT, "LaunchTemplateData.InstanceType", "m7g.large")
        ),
        "parameter": change(NG, "InstanceTypes", [{"Ref": "P"}]),
        "known by name": change(NG, "InstanceTypes", ["g4ad.xlarge", "g3.4xlarge", "u-12tb1.metal"]),
        "a size newer than the data": change(NG, "InstanceTypes", ["m7g.128xlarge"]),
    },
)
