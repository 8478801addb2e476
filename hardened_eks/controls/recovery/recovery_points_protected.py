from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.conditions import any_principal
from hardened_eks.evidence.views.resource_policies import spares_only
from hardened_eks.evidence.worst import at_worst

_LEAST_DAYS = 35


@control(
    id="RC-03",
    title="Recovery points cannot be deleted manually and are kept long enough",
    requirement="backup.protected",
    types=("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Attackers who use ransomware delete the backups first, with the administrator's own permissions.",
    fix=(
        "Set LockConfiguration with MinRetentionDays of 35 or more, or deny backup:DeleteRecoveryPoint and "
        "backup:UpdateRecoveryPointLifecycle to everybody in the AccessPolicy."
    ),
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    blind=(
        "Whether the lock is in compliance mode, which becomes permanent after its grace period. An assembly without "
        "a vault is not examined. The Config rule BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED ignores the lock, and "
        "requires that the policy denies backup:PutBackupVaultAccessPolicy to everybody as well."
    ),
    enforced_by="BackupVault",
)
def recovery_points_protected(vault: Resource, assembly: Assembly) -> Iterator[Problem]:
    air_gapped = vault.type.endswith("LogicallyAirGappedBackupVault")
    path = "MinRetentionDays" if air_gapped else "LockConfiguration.MinRetentionDays"
    days = vault.number(path)
    if isinstance(days, int) and days >= _LEAST_DAYS:
        return
    if not air_gapped and any(
        not statement.allows
        and statement.anybody
        and spares_only(statement, lambda key, value: not any_principal(key, value))
        and statement.does("backup:DeleteRecoveryPoint")
        and statement.does("backup:UpdateRecoveryPointLifecycle")
        for statement in policies.statements(vault.get("AccessPolicy"))
    ):
        return
    if days is None:
        policy = None if air_gapped else vault.get("AccessPolicy")
        yield Problem(at_worst("its recovery points can be deleted manually", "AccessPolicy", policy), path)
    else:
        yield Problem(f"the lock lasts for {days} days, less than {_LEAST_DAYS}", path)
