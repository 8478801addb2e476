from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._images import NO_TEMPLATE, unnamed_volumes
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    INSTANCE,
    NODEGROUP,
    TEMPLATE,
    setting,
    settings,
    volumes,
)


@control(
    id="ND-05",
    title="Node volumes are encrypted",
    requirement="node.ebs.encrypted",
    types=(TEMPLATE, NODEGROUP, AUTO_SCALING, INSTANCE, CONFIGURATION, "AWS::EC2::Volume"),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Volumes hold images, pod logs, emptyDir data and secrets, which can leak through snapshots and discarded "
        "disks."
    ),
    fix="Set Ebs.Encrypted (for an AWS::EC2::Volume: Encrypted) to true for every device in BlockDeviceMappings.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    blind=(
        "EBS encryption by default of the account. Devices of the image that the template does not list, except the "
        "two of Bottlerocket."
    ),
    enforced_by="NodeGroup",
)
def volumes_encrypted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::EC2::Volume":
        if resource.flag("Encrypted", default=False) is not True:
            yield Problem("it is not encrypted", "Encrypted")
        return
    yield from launch_not_seen(resource, assembly, "BlockDeviceMappings")
    for where, prefix in settings(resource, "BlockDeviceMappings"):
        if where is None:
            yield Problem(
                "without a launch template, the account default decides about the encryption of the volumes",
                "LaunchTemplate",
                cause=NO_TEMPLATE,
            )
            continue
        path = f"{prefix}BlockDeviceMappings"
        devices = list(volumes(where, prefix))
        if not devices:
            yield Problem(
                "the volumes of the image are not listed: they are unencrypted unless the account encrypts by default",
                path,
            )
        for place, device in devices:
            ebs = device.get("Ebs") if isinstance(device, dict) else None
            encrypted = ebs.get("Encrypted") if isinstance(ebs, dict) else None
            if encrypted is not True and str(encrypted).lower() != "true":
                name = device.get("DeviceName") if isinstance(device, dict) else device
                yield Problem(f"{name} is not encrypted", setting(place, device, "Ebs.Encrypted"))
        for device in unnamed_volumes(where, assembly):
            yield Problem(
                f"Bottlerocket's volume {device} is not listed, so the account decides about its encryption",
                path,
            )
