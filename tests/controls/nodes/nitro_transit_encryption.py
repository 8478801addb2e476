from hardened_eks.controls.nodes import nitro_transit_encryption
from tests.controls.cases import Bad, Case, both, change, drop, hide
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
        "EKS's default": Bad(drop(GROUP, "InstanceTypes"), "InstanceTypes"),
        "EKS's default, plain": Bad(both(PLAIN_GROUP, drop(GROUP, "InstanceTypes")), "InstanceTypes"),
        "empty": Bad(types(), "InstanceTypes"),
        "hidden": Bad(hide(GROUP, "InstanceTypes"), "InstanceTypes"),
        "in one case": Bad(types(chosen("m7g.large", "t3.large")), "InstanceTypes.0"),
        "not on record": Bad(types("z99.large"), "InstanceTypes.0"),
        "launch template": Bad(change(LT, f"{DATA}.InstanceType", "t3.large"), "LaunchTemplateData.InstanceType"),
        "launch template with any type": Bad(
            change(LT, f"{DATA}.InstanceRequirements", {"VCpuCount": {"Min": 2}}),
            "LaunchTemplateData.InstanceRequirements.AllowedInstanceTypes",
        ),
        "instance": Bad(instance(InstanceType="t3.micro"), "InstanceType"),
        "instance of EC2's default": Bad(instance(ImageId="ami-1"), "InstanceType"),
        "launch configuration": Bad(configuration(InstanceType="t3.micro"), "InstanceType"),
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
