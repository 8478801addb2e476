from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import (
    BOTTLEROCKET_DEVICES,
    MAPPINGS,
    NODE_CLASS,
    is_bottlerocket,
    volumes,
)
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-22",
    title="Volumes of Karpenter nodes are encrypted",
    requirement="node.ebs.encrypted",
    types=(NODE_CLASS,),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Volumes hold images, pod logs, emptyDir data and secrets, which can leak through snapshots and discarded "
        "disks."
    ),
    fix="Set ebs.encrypted to true for every device in blockDeviceMappings. For Bottlerocket, list both devices.",
    source="https://karpenter.sh/docs/concepts/nodeclasses/#specblockdevicemappings",
    blind="EBS encryption by default of the account. Devices of custom images that the NodeClass does not list.",
    enforced_by="Karpenter",
)
def node_class_volumes(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    named = []
    for path, device, ebs in volumes(resource):
        named.append(device)
        encrypted = ebs.get("encrypted")
        if encrypted is not True:
            written = "not set" if encrypted is None else encrypted
            yield Problem(f"{device} is not encrypted: ebs.encrypted is {written}", f"{path}.ebs.encrypted")
    # Without any mapping, Karpenter sets its own, which are encrypted; with some, it adds none.
    if named and is_bottlerocket(resource):
        for device in BOTTLEROCKET_DEVICES:
            if device not in named:
                yield Problem(
                    f"Bottlerocket's volume {device} is not listed, so the account decides about its encryption",
                    MAPPINGS,
                )
    if not named and resource.get("spec.amiFamily") == "Custom":
        yield Problem(
            "the volumes of the custom image are not listed, so their encryption depends on the image", MAPPINGS
        )
