from hardened_eks.controls.deployable import nodegroup_architecture
from tests.controls.cases import Bad, Case, both, change, drop
from tests.controls import self_managed
from tests.controls.deployable.base import LT, NG, NODES
from tests.controls.self_managed import AL2, AL2023, ASG, BOTTLEROCKET, IMAGE, OVERRIDES


def of(*mutations):
    """Mutate self-managed nodes."""
    mutation = both(*mutations)
    return lambda _: mutation(self_managed.NODES)


CASE = Case(
    nodegroup_architecture,
    NODES,
    bad={
        "x86 type, ARM image": Bad(change(NG, "InstanceTypes", ["m7i.large"]), "InstanceTypes.0"),
        "ARM type, x86 image": Bad(change(NG, "AmiType", "AL2023_x86_64_STANDARD"), "InstanceTypes.0"),
        "mixed": Bad(change(NG, "InstanceTypes", ["m7g.large", "m7i.large"]), "InstanceTypes.1"),
        "image left out": Bad(drop(NG, "AmiType"), "InstanceTypes.0"),
        "self-managed, x86 image": Bad(
            of(change(LT, IMAGE, BOTTLEROCKET.format("1.36", "x86_64"))),
            f"{OVERRIDES}.0.InstanceType",
            f"{OVERRIDES}.1.InstanceType",
        ),
        "self-managed, AL2 image": Bad(
            of(change(LT, IMAGE, AL2.format("amazon-linux-2"))),
            f"{OVERRIDES}.0.InstanceType",
            f"{OVERRIDES}.1.InstanceType",
        ),
        "self-managed and mixed": Bad(
            of(change(ASG, f"{OVERRIDES}.1.InstanceType", "m7i.large")), f"{OVERRIDES}.1.InstanceType"
        ),
        "self-managed, in the template": Bad(
            of(change(LT, "LaunchTemplateData.InstanceType", "m7i.large")), "MixedInstancesPolicy"
        ),
        "in the template": Bad(
            both(drop(NG, "InstanceTypes"), change(LT, "LaunchTemplateData.InstanceType", "m7i.large")),
            "LaunchTemplate",
        ),
    },
    edge={
        "self-managed": self_managed.NODES,
        "self-managed of AL2023": of(change(LT, IMAGE, AL2023.format("1.36", "arm64"))),
        "self-managed of AL2 for ARM": of(change(LT, IMAGE, AL2.format("amazon-linux-2-arm64"))),
        "self-managed by an id": of(change(LT, IMAGE, "ami-1")),
        "custom image": change(NG, "AmiType", "CUSTOM"),
        "an image of its own": both(drop(NG, "AmiType"), change(LT, "LaunchTemplateData.ImageId", "ami-1")),
        "a template that is elsewhere": both(drop(NG, "AmiType"), change(NG, "LaunchTemplate", {"Id": "lt-1"})),
        "x86 all over": both(change(NG, "AmiType", "BOTTLEROCKET_x86_64"), change(NG, "InstanceTypes", ["m7i.large"])),
    },
)
