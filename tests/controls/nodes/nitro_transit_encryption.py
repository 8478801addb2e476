from hardened_eks.controls.nodes import nitro_transit_encryption
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import (
    ASG,
    DATA,
    GOOD,
    GROUP,
    HOST,
    LT,
    OVERRIDES,
    PLAIN_GROUP,
    SCALED,
    chosen,
    configuration,
    instance,
    types,
)

CASE = Case(
    nitro_transit_encryption,
    GOOD,
    bad={
        "burstable": Bad(types("t3.large"), "InstanceTypes.0"),
        "Nitro of the first years": Bad(types("m7g.large", "m5.large"), "InstanceTypes.1"),
        "Xen": Bad(types("t2.micro"), "InstanceTypes.0"),
        **at(
            "InstanceTypes",
            {
                "the default of EKS": drop(GROUP, "InstanceTypes"),
                "the default of EKS, plain": both(PLAIN_GROUP, drop(GROUP, "InstanceTypes")),
                "empty": types(),
                "hidden": hide(GROUP, "InstanceTypes"),
            },
        ),
        "in one case": Bad(types(chosen("m7g.large", "t3.large")), "InstanceTypes.0"),
        "not on record": Bad(types("z99.large"), "InstanceTypes.0"),
        "launch template": Bad(change(LT, f"{DATA}.InstanceType", "t3.large"), "LaunchTemplateData.InstanceType"),
        "launch template with any type": Bad(
            change(LT, f"{DATA}.InstanceRequirements", {"VCpuCount": {"Min": 2}}),
            "LaunchTemplateData.InstanceRequirements.AllowedInstanceTypes",
        ),
        **at(
            "InstanceType",
            {
                "instance": instance(InstanceType="t3.micro"),
                "instance of EC2's default": instance(ImageId="ami-1"),
                "launch configuration": configuration(InstanceType="t3.micro"),
            },
        ),
        "Auto Scaling group": Bad(
            both(lambda _: SCALED, change(ASG, f"{OVERRIDES}.1.InstanceType", "t3.large")),
            "MixedInstancesPolicy.LaunchTemplate.Overrides.1.InstanceType",
        ),
    },
    edge={
        "named in the launch template": both(
            drop(GROUP, "InstanceTypes"), change(LT, f"{DATA}.InstanceType", "m7i.large")
        ),
        "launch template elsewhere": both(drop(GROUP, "InstanceTypes"), drop(LT, "")),
        "instance": HOST,
        "pattern": change(LT, f"{DATA}.InstanceRequirements", {"AllowedInstanceTypes": ["m7i.*"]}),
    },
)
