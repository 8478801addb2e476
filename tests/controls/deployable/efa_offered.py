from hardened_eks.controls.deployable import efa_offered
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import LT, NG

ASG = "AWS::AutoScaling::AutoScalingGroup"
USED = {"Id": {"Ref": "Template"}, "Version": "1"}
EFA = template(
    {
        "Template": (
            LT,
            {
                "LaunchTemplateData": {
                    "NetworkInterfaces": [
                        {"DeviceIndex": 0, "InterfaceType": "efa"},
                        {"DeviceIndex": 1, "NetworkCardIndex": 1, "InterfaceType": "efa-only"},
                    ]
                }
            },
        ),
        "Nodes": (NG, {"InstanceTypes": ["p5.48xlarge", "hpc7a.96xlarge"], "LaunchTemplate": USED}),
        "Group": (
            ASG,
            {
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {
                        "LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"},
                        "Overrides": [{"InstanceType": "p4d.24xlarge"}],
                    }
                }
            },
        ),
    }
)
OVERRIDE = "MixedInstancesPolicy.LaunchTemplate.Overrides.0.InstanceType"
TYPE = "LaunchTemplateData.InstanceType"

CASE = Case(
    efa_offered,
    EFA,
    bad={
        "a size without": Bad(change(NG, "InstanceTypes", ["p5.48xlarge", "c6in.large"]), "InstanceTypes.1"),
        "a family without": Bad(change(NG, "InstanceTypes.0", "t3.large"), "InstanceTypes.0"),
        "fewer adapters": Bad(change(NG, "InstanceTypes.0", "m7g.16xlarge"), "InstanceTypes.0"),
        "none on the first card": Bad(change(NG, "InstanceTypes", ["p6-b300.48xlarge"]), "InstanceTypes.0"),
        "self-managed": Bad(change(ASG, OVERRIDE, "m7g.large"), OVERRIDE),
        "in the template itself": Bad(change(LT, TYPE, "m7g.large"), TYPE),
    },
    edge={
        "no EFA asked for": both(
            change(LT, "LaunchTemplateData.NetworkInterfaces", [{"DeviceIndex": 0}]),
            change(NG, "InstanceTypes", ["m7g.large"]),
            change(ASG, OVERRIDE, "m7g.large"),
        ),
        "from the second card on": both(
            change(NG, "InstanceTypes", ["p6-b300.48xlarge"]),
            change(ASG, OVERRIDE, "p6-b300.48xlarge"),
            change(LT, "LaunchTemplateData.NetworkInterfaces.0.InterfaceType", "interface"),
        ),
        "a size that is newer than the data": change(NG, "InstanceTypes.0", "m7g.128xlarge"),
        "a pattern": change(ASG, OVERRIDE, "p5*"),
        "a parameter": change(NG, "InstanceTypes.0", {"Ref": "P"}),
        "a template elsewhere": both(
            change(NG, "LaunchTemplate.Id", "lt-0123456789abcdef0"), change(NG, "InstanceTypes", ["m7g.large"])
        ),
        "no type": drop(NG, "InstanceTypes"),
    },
)
