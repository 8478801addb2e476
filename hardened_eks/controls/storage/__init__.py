"""Storage: S3 buckets and EFS file systems."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.storage.audit_bucket_locked import audit_bucket_locked
    from hardened_eks.controls.storage.bucket_access_logged import bucket_access_logged
    from hardened_eks.controls.storage.bucket_blocks_public import bucket_blocks_public
    from hardened_eks.controls.storage.bucket_encrypted import bucket_encrypted
    from hardened_eks.controls.storage.bucket_lifecycle import bucket_lifecycle
    from hardened_eks.controls.storage.bucket_policy_narrow import bucket_policy_narrow
    from hardened_eks.controls.storage.bucket_replication_works import bucket_replication_works
    from hardened_eks.controls.storage.bucket_tls_only import bucket_tls_only
    from hardened_eks.controls.storage.bucket_versioned import bucket_versioned
    from hardened_eks.controls.storage.bucket_without_acl import bucket_without_acl
    from hardened_eks.controls.storage.efs_access_points import efs_access_points
    from hardened_eks.controls.storage.efs_backed_up import efs_backed_up
    from hardened_eks.controls.storage.efs_encrypted import efs_encrypted

STORAGE = controls_of(
    __name__,
    "bucket_blocks_public",
    "bucket_policy_narrow",
    "bucket_tls_only",
    "bucket_encrypted",
    "bucket_versioned",
    "bucket_access_logged",
    "bucket_lifecycle",
    "audit_bucket_locked",
    "bucket_without_acl",
    "bucket_replication_works",
    "efs_encrypted",
    "efs_access_points",
    "efs_backed_up",
)

__all__ = [
    "STORAGE",
    "audit_bucket_locked",
    "bucket_access_logged",
    "bucket_blocks_public",
    "bucket_encrypted",
    "bucket_lifecycle",
    "bucket_policy_narrow",
    "bucket_replication_works",
    "bucket_tls_only",
    "bucket_versioned",
    "bucket_without_acl",
    "efs_access_points",
    "efs_backed_up",
    "efs_encrypted",
]
