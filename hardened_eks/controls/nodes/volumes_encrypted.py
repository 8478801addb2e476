from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._launch import settings


@control(
    id="ND-05",
    title="Volumes of nodes are encrypted",
    requirement="node.ebs.encrypted",
    types=("AWS::EC2::LaunchTemplate", "AWS::EKS::Nodegroup"),
    severity=Severity.HIGH,
    why="Volumes hold images, pod logs, emptyDir data and secrets; snapshots and discarded disks leak them.",
    fix="Set Ebs.Encrypted to true for every device in BlockDeviceMappings.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    blind="Encryption by default of the account.",
)
def volumes_encrypted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for where, prefix in settings(resource, assembly):
        if where is None:
            yield Problem(
                "a node group without a launch template has volumes as the account's default makes them",
                "LaunchTemplate",
            )
            continue
        path = f"{prefix}BlockDeviceMappings"
        devices = [d for d in where.items(path) if isinstance(d, dict) and ("Ebs" in d or "NoDevice" not in d)]
        if not devices:
            yield Problem(
                "the volumes of the image are taken as they are, unencrypted unless the account says so", path
            )
        for index, device in enumerate(devices):
            ebs = device.get("Ebs")
            encrypted = ebs.get("Encrypted") if isinstance(ebs, dict) else ebs
            if "VirtualName" not in device and encrypted is not True and str(encrypted).lower() != "true":
                yield Problem(f"{device.get('DeviceName')} is not encrypted", f"{path}.{index}.Ebs.Encrypted")
