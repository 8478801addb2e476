from hardened_eks.controls.nodes import nitro_only
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import (
    ASG,
    DATA,
    GOOD,
    GROUP,
    HOST,
    INHERITING,
    LT,
    OVERRIDES,
    SCALED,
    chosen,
    configuration,
    instance,
    types,
)

CASE = Case(
    nitro_only,
    GOOD,
    bad={
        "Xen": Bad(types("t2.micro"), "InstanceTypes.0"),
        "one of them": Bad(types("m7g.large", "m4.large"), "InstanceTypes.1"),
        **at(
            "InstanceTypes.0",
            {
                "not on record": types("z99.large"),
                "no type": types("large"),
                "another case": types("M7G.large"),
            },
        ),
        "hidden": Bad(hide(GROUP, "InstanceTypes"), "InstanceTypes"),
        **at(
            "InstanceTypes.0",
            {
                "one hidden": both(types("x"), hide(GROUP, "InstanceTypes.0")),
                "Xen in one case": types(chosen("m7g.large", "t2.micro")),
                "malformed": types(7),
            },
        ),
        "launch template": Bad(change(LT, f"{DATA}.InstanceType", "t2.micro"), "LaunchTemplateData.InstanceType"),
        "launch template, hidden": Bad(hide(LT, f"{DATA}.InstanceType"), "LaunchTemplateData.InstanceType"),
        **at(
            "LaunchTemplateData.InstanceRequirements.AllowedInstanceTypes",
            {
                "launch template with any type": change(LT, f"{DATA}.InstanceRequirements", {"VCpuCount": {"Min": 2}}),
                "launch template with a pattern": change(
                    LT, f"{DATA}.InstanceRequirements", {"AllowedInstanceTypes": ["m7g.*", "m*"]}
                ),
                "requirements hidden": hide(LT, f"{DATA}.InstanceRequirements"),
            },
        ),
        **at(
            "InstanceType",
            {
                "instance": instance(InstanceType="m3.medium"),
                "instance of EC2's default": instance(ImageId="ami-1"),
                "launch configuration": configuration(InstanceType="c4.large"),
            },
        ),
        "Auto Scaling group": Bad(
            both(lambda _: SCALED, change(ASG, f"{OVERRIDES}.1.InstanceType", "m4.large")),
            "MixedInstancesPolicy.LaunchTemplate.Overrides.1.InstanceType",
        ),
        "Auto Scaling group, hidden": Bad(
            both(lambda _: SCALED, hide(ASG, OVERRIDES)), "MixedInstancesPolicy.LaunchTemplate.Overrides"
        ),
        "Auto Scaling group with any type": Bad(
            both(lambda _: SCALED, change(ASG, OVERRIDES, [{"InstanceRequirements": {"VCpuCount": {"Min": 2}}}])),
            "MixedInstancesPolicy.LaunchTemplate.Overrides.0.InstanceRequirements.AllowedInstanceTypes",
        ),
    },
    edge={
        "the default of EKS": drop(GROUP, "InstanceTypes"),
        "bare metal": types("m7g.metal"),
        "one or the other": types(chosen("m7g.large", "m7i.large")),
        "all in one case or another": change(GROUP, "InstanceTypes", chosen(["m7g.large"], ["m7i.large"])),
        "new size of a known family": types("m7g.128xlarge"),
        "launch template with a pattern": change(
            LT, f"{DATA}.InstanceRequirements", {"AllowedInstanceTypes": ["m7g.*", "m7i.large"]}
        ),
        "instance": HOST,
        "instance with a launch template": INHERITING,
        "Auto Scaling group": SCALED,
        "Auto Scaling group weighs a template": both(
            lambda _: SCALED, change(ASG, OVERRIDES, [{"LaunchTemplateSpecification": {"Version": "1"}}])
        ),
    },
)
