"""What the cases of the recovery area are made of."""

from tests.controls.cases import template

VAULT = "AWS::Backup::BackupVault"
GAPPED = "AWS::Backup::LogicallyAirGappedBackupVault"

VAULTS = template(
    {
        "Vault": (
            VAULT,
            {"EncryptionKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}, "LockConfiguration": {"MinRetentionDays": 35}},
        ),
        "Key": ("AWS::KMS::Key", {}),
        "Gapped": (GAPPED, {"MinRetentionDays": 35, "MaxRetentionDays": 365}),
    }
)
