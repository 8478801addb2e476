from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._images import NO_TEMPLATE, unnamed_volumes
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.keys import customer_key
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    INSTANCE,
    NODEGROUP,
    TEMPLATE,
    setting,
    settings,
    volumes,
)


@control(
    id="ND-06",
    title="Node volumes are encrypted with a customer managed key",
    requirement="node.ebs.cmk",
    types=(TEMPLATE, NODEGROUP, AUTO_SCALING, INSTANCE, "AWS::EC2::Volume"),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "You cannot write a policy for the account's aws/ebs key, and cannot share it, limit its use or revoke access "
        "to it."
    ),
    fix="Set Ebs.KmsKeyId (for an AWS::EC2::Volume: KmsKeyId) to a key of your own.",
    blind="A key ARN that is a literal, an import or a parameter counts as a customer managed key.",
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
    enforced_by="NodeGroup",
)
def volumes_customer_key(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::EC2::Volume":
        if not customer_key(resource.get("KmsKeyId"), assembly):
            yield Problem("it has no customer managed key", "KmsKeyId")
        return
    yield from launch_not_seen(resource, assembly, "BlockDeviceMappings")
    for where, prefix in settings(resource, "BlockDeviceMappings"):
        if where is None:
            yield Problem(
                "a node group without a launch template has no customer managed key",
                "LaunchTemplate",
                cause=NO_TEMPLATE,
            )
            continue
        path = f"{prefix}BlockDeviceMappings"
        devices = list(volumes(where, prefix))
        if not devices:
            yield Problem("no customer managed key encrypts the volumes", path)
        for place, device in devices:
            ebs = device.get("Ebs") if isinstance(device, dict) else None
            if not customer_key(ebs.get("KmsKeyId") if isinstance(ebs, dict) else None, assembly):
                name = device.get("DeviceName") if isinstance(device, dict) else device
                yield Problem(f"{name} has no customer managed key", setting(place, device, "Ebs.KmsKeyId"))
        for device in unnamed_volumes(where, assembly):
            yield Problem(f"Bottlerocket's volume {device} is not listed, so it has no customer managed key", path)
