from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import key_argument_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._traces import leave_out_useless
from hardened_eks.recovery._settings import VaultLock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

_NAME: Final = regex(r"[A-Za-z0-9_-]{2,50}")
_ACCOUNT: Final = regex(r"\d{12}")


class BackupVault(Construct):
    """A vault with its own key. Its lock and its policy prevent manual deletion of recovery points.

    CloudFormation keeps it when the stack is deleted. A change of the name replaces the vault; the old one stays, with
    its recovery points. To change the key, change the name too: CloudFormation refuses a second vault with the name.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str | None = None,
        lock: VaultLock | None = None,
        encryption_key: kms.IKey | None = None,
        copies_from: Sequence[str] = (),
    ) -> None:
        """Create the vault.

        Args:
            scope: the parent construct.
            id: construct ID.
            name: name of the vault, 2 to 50 letters, digits, ``-`` and ``_``. Default: derived from the construct path.
            lock: lock of the vault. Default: 35 days in governance mode, ``VaultLock()``.
            encryption_key: KMS key that encrypts recovery points of clusters; those of volumes keep the volumes' keys.
                Default: a new key.
            copies_from: IDs of accounts, 12 digits each, that may copy into the vault with `BackupCopy`. Default: only
                this account.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"BackupVault '{id}'")
        problems.require(
            name is None or (isinstance(name, str) and _NAME.fullmatch(name)),
            f"name needs 2 to 50 letters, digits, '-' and '_', got {name!r}",
        )
        problems.require(lock is None or isinstance(lock, VaultLock), f"lock needs a VaultLock, got {lock!r}")
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="key"))
        listed = isinstance(copies_from, list | tuple)
        problems.require(listed, f"copies_from needs a list of accounts, got {copies_from!r}")
        for account in copies_from if listed else ():
            problems.require(
                isinstance(account, str) and _ACCOUNT.fullmatch(account),
                f"copies_from needs accounts of 12 digits, got {account!r}",
            )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.lock = VaultLock() if lock is None else lock
        """The retention of recovery points."""
        self.key = encryption_key or _buckets.key(
            self, "Key", what="backups", statements=_key_statements(list(copies_from))
        )
        """The key of recovery points of clusters."""
        self.vault_name: str = name or cdk.Names.unique_resource_name(
            self, max_length=50, allowed_special_characters="-_"
        )
        """Name of the vault."""
        self.resource = create(
            backup.CfnBackupVault,
            self,
            "Vault",
            backup_vault_name=self.vault_name,
            encryption_key_arn=key_arn_of(self.key),
            access_policy=document(*_policy(list(copies_from))),
            lock_configuration=_lock(self.lock),
        )
        """The CloudFormation resource."""
        self.resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        if self.lock.final_reason:
            self.resource.node.add_metadata("hardened-eks:final-lock", self.lock.final_reason)

    @property
    def vault_arn(self) -> str:
        """ARN of the vault."""
        return str(self.resource.attr_backup_vault_arn)


def _lock(lock: VaultLock) -> Any:
    return backup.CfnBackupVault.LockConfigurationTypeProperty(
        min_retention_days=lock.min_retention_days,
        max_retention_days=lock.max_retention_days,
        changeable_for_days=lock.changeable_for_days,
    )


def _policy(accounts: Sequence[str]) -> list[dict[str, Any]]:
    # Expiration by lifecycle still works. AWS Config's BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED also requires to
    # deny backup:PutBackupVaultAccessPolicy to everybody, and CloudFormation could then never update the vault:
    # https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
    statements: list[dict[str, Any]] = [
        {
            "Sid": "NobodyDeletes",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
            "Resource": "*",
        }
    ]
    if accounts:
        statements.append(
            {
                "Sid": "CopiesFrom",
                "Principal": {"AWS": [f"arn:{_aws.partition()}:iam::{account}:root" for account in accounts]},
                "Action": "backup:CopyIntoBackupVault",
                "Resource": "*",
            }
        )
    return statements


def _key_statements(accounts: Sequence[str]) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = []
    if accounts:
        # AWS Backup copies with its service-linked role in the account of the source:
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
        roots = {"AWS": [f"arn:{_aws.partition()}:iam::{account}:root" for account in accounts]}
        statements = [
            {
                "Sid": "CopiesFrom",
                "Principal": roots,
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
            },
            {
                "Sid": "GrantsOfCopies",
                "Principal": roots,
                "Action": "kms:CreateGrant",
                "Resource": "*",
                "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
            },
        ]
    return [*statements, dict(NO_FOREIGN_GRANTS)]
