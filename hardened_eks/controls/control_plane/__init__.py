"""The EKS control plane: endpoint, logs, encryption, version, authentication."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.control_plane.access_entries import access_entries
    from hardened_eks.controls.control_plane.audit_log import audit_log
    from hardened_eks.controls.control_plane.aws_auth_nodes_only import aws_auth_nodes_only
    from hardened_eks.controls.control_plane.capability_private import capability_private
    from hardened_eks.controls.control_plane.cluster_admin_break_glass import cluster_admin_break_glass
    from hardened_eks.controls.control_plane.deletion_protection import deletion_protection
    from hardened_eks.controls.control_plane.entries_for_roles import entries_for_roles
    from hardened_eks.controls.control_plane.entries_scoped import entries_scoped
    from hardened_eks.controls.control_plane.entry_types import entry_types
    from hardened_eks.controls.control_plane.identity_providers import identity_providers
    from hardened_eks.controls.control_plane.log_types_all import log_types_all
    from hardened_eks.controls.control_plane.network_policy_enforced import network_policy_enforced
    from hardened_eks.controls.control_plane.no_creator_admin import no_creator_admin
    from hardened_eks.controls.control_plane.pod_session_tags import pod_session_tags
    from hardened_eks.controls.control_plane.private_access import private_access
    from hardened_eks.controls.control_plane.private_endpoint import private_endpoint
    from hardened_eks.controls.control_plane.public_cidrs import public_cidrs
    from hardened_eks.controls.control_plane.roles_of_own_account import roles_of_own_account
    from hardened_eks.controls.control_plane.roles_seen import roles_seen
    from hardened_eks.controls.control_plane.secrets_customer_key import secrets_customer_key
    from hardened_eks.controls.control_plane.secrets_encrypted import secrets_encrypted
    from hardened_eks.controls.control_plane.version_not_oldest import version_not_oldest
    from hardened_eks.controls.control_plane.version_supported import version_supported

CONTROL_PLANE = controls_of(
    __name__,
    "private_endpoint",
    "private_access",
    "public_cidrs",
    "log_types_all",
    "audit_log",
    "secrets_encrypted",
    "secrets_customer_key",
    "version_supported",
    "version_not_oldest",
    "deletion_protection",
    "access_entries",
    "no_creator_admin",
    "network_policy_enforced",
    "cluster_admin_break_glass",
    "roles_of_own_account",
    "entries_for_roles",
    "entries_scoped",
    "entry_types",
    "identity_providers",
    "capability_private",
    "roles_seen",
    "pod_session_tags",
    "aws_auth_nodes_only",
)

__all__ = [
    "CONTROL_PLANE",
    "access_entries",
    "audit_log",
    "aws_auth_nodes_only",
    "capability_private",
    "cluster_admin_break_glass",
    "deletion_protection",
    "entries_for_roles",
    "entries_scoped",
    "entry_types",
    "identity_providers",
    "log_types_all",
    "network_policy_enforced",
    "no_creator_admin",
    "pod_session_tags",
    "private_access",
    "private_endpoint",
    "public_cidrs",
    "roles_of_own_account",
    "roles_seen",
    "secrets_customer_key",
    "secrets_encrypted",
    "version_not_oldest",
    "version_supported",
]
