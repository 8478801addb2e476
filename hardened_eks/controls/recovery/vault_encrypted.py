from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="RC-02",
    title="Backup vaults are encrypted with a customer managed key",
    requirement="backup.vault_encrypted",
    types=("AWS::Backup::BackupVault",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "A backup is a full copy of the data. With an AWS managed key, it cannot be shared with a recovery account, "
        "and access to the key cannot be revoked."
    ),
    fix="Set EncryptionKeyArn to a customer managed key.",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html",
    blind=(
        "Backups of resources that AWS Backup does not fully manage (EBS, RDS) use the key of their source. An "
        "assembly without a vault is not examined."
    ),
    enforced_by="BackupVault",
)
def vault_encrypted(vault: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = str(vault.get("EncryptionKeyArn", ""))
    if key == "" or key.endswith("alias/aws/backup"):  # if absent, AWS uses its own key
        yield Problem(
            f"no customer managed key encrypts it (EncryptionKeyArn is {key or 'not set'})", "EncryptionKeyArn"
        )
