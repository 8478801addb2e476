"""The account as a whole: settings that apply to every resource in it."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.account.backup_takes_all import backup_takes_all
    from hardened_eks.controls.account.buckets_never_public import buckets_never_public
    from hardened_eks.controls.account.documents_never_public import documents_never_public
    from hardened_eks.controls.account.images_never_public import images_never_public
    from hardened_eks.controls.account.imds_account_defaults import imds_account_defaults
    from hardened_eks.controls.account.inspector_on import inspector_on
    from hardened_eks.controls.account.password_policy import password_policy
    from hardened_eks.controls.account.security_contact import security_contact
    from hardened_eks.controls.account.serial_console_off import serial_console_off
    from hardened_eks.controls.account.snapshots_never_public import snapshots_never_public
    from hardened_eks.controls.account.volumes_default_key import volumes_default_key
    from hardened_eks.controls.account.volumes_encrypted_by_default import volumes_encrypted_by_default

ACCOUNT = controls_of(
    __name__,
    "volumes_encrypted_by_default",
    "volumes_default_key",
    "imds_account_defaults",
    "images_never_public",
    "serial_console_off",
    "documents_never_public",
    "snapshots_never_public",
    "buckets_never_public",
    "inspector_on",
    "backup_takes_all",
    "password_policy",
    "security_contact",
)

__all__ = [
    "ACCOUNT",
    "backup_takes_all",
    "buckets_never_public",
    "documents_never_public",
    "images_never_public",
    "imds_account_defaults",
    "inspector_on",
    "password_policy",
    "security_contact",
    "serial_console_off",
    "snapshots_never_public",
    "volumes_default_key",
    "volumes_encrypted_by_default",
]
