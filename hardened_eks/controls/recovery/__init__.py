"""Recovery: backup plans and vaults."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.recovery.backup_plan import backup_plan
    from hardened_eks.controls.recovery.recovery_points_protected import recovery_points_protected
    from hardened_eks.controls.recovery.vault_encrypted import vault_encrypted

RECOVERY = controls_of(
    __name__,
    "backup_plan",
    "vault_encrypted",
    "recovery_points_protected",
)

__all__ = [
    "RECOVERY",
    "backup_plan",
    "recovery_points_protected",
    "vault_encrypted",
]
