"""Recovery: backups of clusters and their volumes that an intruder with administrator permissions cannot delete.

hardened.Backups(stack, "Backups", clusters=[cluster], alerts=topic)
"""

from hardened_eks.recovery._backups import Backups
from hardened_eks.recovery._settings import BackupCopy, RestoreTesting, VaultLock
from hardened_eks.recovery._vault import BackupVault
from hardened_eks.recovery._velero import VeleroStore

__all__ = ["BackupCopy", "BackupVault", "Backups", "RestoreTesting", "VaultLock", "VeleroStore"]
