from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._launch import settings


@control(
    id="ND-06",
    title="Volumes of nodes are encrypted with a customer managed key",
    requirement="node.ebs.cmk",
    types=("AWS::EC2::LaunchTemplate", "AWS::EKS::Nodegroup"),
    severity=Severity.LOW,
    why="The account's aws/ebs key has no policy of yours and cannot be shared, limited or withdrawn.",
    fix="Set Ebs.KmsKeyId to a key of your own.",
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
)
def volumes_customer_key(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for where, prefix in settings(resource, assembly):
        if where is None:
            yield Problem("a node group without a launch template has no customer key", "LaunchTemplate")
            continue
        devices = [
            d for d in where.items(f"{prefix}BlockDeviceMappings") if isinstance(d, dict) and "VirtualName" not in d
        ]
        if not devices:
            yield Problem("no customer key encrypts the volumes", f"{prefix}BlockDeviceMappings")
        for index, device in enumerate(devices):
            ebs = device.get("Ebs")
            key = ebs.get("KmsKeyId") if isinstance(ebs, dict) else None
            if key is None or "alias/aws/" in str(key):
                yield Problem(
                    f"{device.get('DeviceName')} has no customer key",
                    f"{prefix}BlockDeviceMappings.{index}.Ebs.KmsKeyId",
                )
