from hardened_eks.controls.deployable import nodegroup_architecture
from tests.controls.cases import Bad, Case, both, change, drop
from tests.controls.deployable.base import LT, NG, NODES

CASE = Case(
    nodegroup_architecture,
    NODES,
    bad={
        "x86 type, ARM image": Bad(change(NG, "InstanceTypes", ["m7i.large"]), "InstanceTypes.0"),
        "ARM type, x86 image": Bad(change(NG, "AmiType", "AL2023_x86_64_STANDARD"), "InstanceTypes.0"),
        "mixed": Bad(change(NG, "InstanceTypes", ["m7g.large", "m7i.large"]), "InstanceTypes.1"),
        "image left out": Bad(drop(NG, "AmiType"), "InstanceTypes.0"),
        "in the template": Bad(
            both(drop(NG, "InstanceTypes"), change(LT, "LaunchTemplateData.InstanceType", "m7i.large")),
            "LaunchTemplate",
        ),
    },
    edge={
        "custom image": change(NG, "AmiType", "CUSTOM"),
        "an image of its own": both(drop(NG, "AmiType"), change(LT, "LaunchTemplateData.ImageId", "ami-1")),
        "a template that is elsewhere": both(drop(NG, "AmiType"), change(NG, "LaunchTemplate", {"Id": "lt-1"})),
        "x86 all over": both(change(NG, "AmiType", "BOTTLEROCKET_x86_64"), change(NG, "InstanceTypes", ["m7i.large"])),
    },
)
