from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="RC-02",
    title="Backup vaults are encrypted with a customer key",
    requirement="backup.vault_encrypted",
    types=("AWS::Backup::BackupVault",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "A backup is a full copy of the data. Under an AWS managed key it can neither be shared with a recovery "
        "account nor withdrawn."
    ),
    fix="Set EncryptionKeyArn to a customer key.",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html",
    blind=(
        "Resources that AWS Backup does not manage fully (EBS, RDS) keep the key of their source. An assembly without "
        "a vault is not examined."
    ),
    enforced_by="BackupVault",
)
def vault_encrypted(vault: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = str(vault.get("EncryptionKeyArn", ""))
    if key == "" or key.endswith("alias/aws/backup"):  # absent means AWS's own key
        yield Problem(f"no customer key encrypts it (EncryptionKeyArn is {key or 'not written'})", "EncryptionKeyArn")
