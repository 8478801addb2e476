from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import denies_without_tls


@control(
    id="ST-11",
    title="EFS file systems are encrypted, at rest and in transit",
    requirement="efs.encrypted",
    types=("AWS::EFS::FileSystem",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Shared volumes hold what many pods write; unencrypted, a backup or a packet capture hands all of it over. "
        "Encryption cannot be added later."
    ),
    fix="Set Encrypted to true (with a KmsKeyId), and deny clients with aws:SecureTransport false in FileSystemPolicy.",
    source="https://docs.aws.amazon.com/efs/latest/ug/encryption.html",
    blind="Whether the client mounts with TLS; the EFS CSI driver does so by default.",
    detective="No construct makes file systems; they come with a team's own stacks.",
)
def efs_encrypted(system: Resource, assembly: Assembly) -> Iterator[Problem]:
    encrypted = system.flag("Encrypted", default=False)  # absent means no
    if encrypted is not True:
        yield Problem(f"it is not encrypted (Encrypted is {encrypted})", "Encrypted")
    if not denies_without_tls(system.get("FileSystemPolicy"), actions=("elasticfilesystem:ClientMount",)):
        yield Problem("its policy does not refuse clients without TLS", "FileSystemPolicy")
