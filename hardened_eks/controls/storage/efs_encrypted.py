from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import denies_without_tls


@control(
    id="ST-11",
    title="EFS file systems are encrypted at rest and in transit",
    requirement="efs.encrypted",
    types=("AWS::EFS::FileSystem",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "A shared volume holds the data of many pods. Without encryption, a backup or a packet capture exposes all of "
        "it. Encryption cannot be added later."
    ),
    fix=(
        "Set Encrypted to true (with a KmsKeyId), and deny requests with aws:SecureTransport false in FileSystemPolicy."
    ),
    source="https://docs.aws.amazon.com/efs/latest/ug/encryption.html",
    blind="Whether the client mounts with TLS; the EFS CSI driver does so by default.",
    detective="No construct creates file systems; they are part of the team's own stacks.",
)
def efs_encrypted(system: Resource, assembly: Assembly) -> Iterator[Problem]:
    encrypted = system.flag("Encrypted", default=False)  # absent means no
    if encrypted is not True:
        yield Problem(f"it is not encrypted (Encrypted is {encrypted})", "Encrypted")
    if not denies_without_tls(system.get("FileSystemPolicy"), actions=("elasticfilesystem:ClientMount",)):
        yield Problem("its policy does not deny clients without TLS", "FileSystemPolicy")
