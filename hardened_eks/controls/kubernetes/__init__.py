"""Kubernetes objects in manifests: workloads, namespaces, roles and services."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.kubernetes.auto_mode_denies_by_default import auto_mode_denies_by_default
    from hardened_eks.controls.kubernetes.auto_mode_kernel_locked import auto_mode_kernel_locked
    from hardened_eks.controls.kubernetes.auto_mode_no_public_address import auto_mode_no_public_address
    from hardened_eks.controls.kubernetes.auto_mode_own_key import auto_mode_own_key
    from hardened_eks.controls.kubernetes.capabilities_dropped import capabilities_dropped
    from hardened_eks.controls.kubernetes.charts_trusted import charts_trusted
    from hardened_eks.controls.kubernetes.endpoints_by_controllers import endpoints_by_controllers
    from hardened_eks.controls.kubernetes.gateway_load_balancer_internal import gateway_load_balancer_internal
    from hardened_eks.controls.kubernetes.images_pinned import images_pinned
    from hardened_eks.controls.kubernetes.images_trusted import images_trusted
    from hardened_eks.controls.kubernetes.ingress_tls import ingress_tls
    from hardened_eks.controls.kubernetes.namespace_has_network_policy import namespace_has_network_policy
    from hardened_eks.controls.kubernetes.namespace_level import namespace_level
    from hardened_eks.controls.kubernetes.network_policy_keeps_imds_closed import network_policy_keeps_imds_closed
    from hardened_eks.controls.kubernetes.no_host_access import no_host_access
    from hardened_eks.controls.kubernetes.no_privilege_escalation import no_privilege_escalation
    from hardened_eks.controls.kubernetes.node_class_image import node_class_image
    from hardened_eks.controls.kubernetes.node_class_metadata import node_class_metadata
    from hardened_eks.controls.kubernetes.node_class_private import node_class_private
    from hardened_eks.controls.kubernetes.node_class_profile import node_class_profile
    from hardened_eks.controls.kubernetes.node_class_volumes import node_class_volumes
    from hardened_eks.controls.kubernetes.node_class_volumes_key import node_class_volumes_key
    from hardened_eks.controls.kubernetes.node_confinement_kept import node_confinement_kept
    from hardened_eks.controls.kubernetes.node_pool_lifetime import node_pool_lifetime
    from hardened_eks.controls.kubernetes.node_pool_nitro import node_pool_nitro
    from hardened_eks.controls.kubernetes.node_pool_transit_encryption import node_pool_transit_encryption
    from hardened_eks.controls.kubernetes.not_as_root import not_as_root
    from hardened_eks.controls.kubernetes.own_namespace import own_namespace
    from hardened_eks.controls.kubernetes.priority_of_the_team import priority_of_the_team
    from hardened_eks.controls.kubernetes.rbac_least_privilege import rbac_least_privilege
    from hardened_eks.controls.kubernetes.resources_stated import resources_stated
    from hardened_eks.controls.kubernetes.root_file_system_read_only import root_file_system_read_only
    from hardened_eks.controls.kubernetes.seccomp_on import seccomp_on
    from hardened_eks.controls.kubernetes.secrets_as_files import secrets_as_files
    from hardened_eks.controls.kubernetes.service_internal import service_internal
    from hardened_eks.controls.kubernetes.storage_class_encrypted import storage_class_encrypted
    from hardened_eks.controls.kubernetes.tokens_not_mounted import tokens_not_mounted

KUBERNETES = controls_of(
    __name__,
    "images_trusted",
    "images_pinned",
    "no_privilege_escalation",
    "no_host_access",
    "not_as_root",
    "capabilities_dropped",
    "root_file_system_read_only",
    "seccomp_on",
    "node_confinement_kept",
    "resources_stated",
    "tokens_not_mounted",
    "secrets_as_files",
    "own_namespace",
    "namespace_level",
    "rbac_least_privilege",
    "network_policy_keeps_imds_closed",
    "service_internal",
    "ingress_tls",
    "endpoints_by_controllers",
    "priority_of_the_team",
    "node_class_metadata",
    "node_class_volumes",
    "node_class_volumes_key",
    "node_class_private",
    "node_class_profile",
    "node_class_image",
    "node_pool_nitro",
    "node_pool_transit_encryption",
    "node_pool_lifetime",
    "auto_mode_denies_by_default",
    "auto_mode_own_key",
    "auto_mode_no_public_address",
    "auto_mode_kernel_locked",
    "storage_class_encrypted",
    "charts_trusted",
    "namespace_has_network_policy",
    "gateway_load_balancer_internal",
)

__all__ = [
    "KUBERNETES",
    "auto_mode_denies_by_default",
    "auto_mode_kernel_locked",
    "auto_mode_no_public_address",
    "auto_mode_own_key",
    "capabilities_dropped",
    "charts_trusted",
    "endpoints_by_controllers",
    "gateway_load_balancer_internal",
    "images_pinned",
    "images_trusted",
    "ingress_tls",
    "namespace_has_network_policy",
    "namespace_level",
    "network_policy_keeps_imds_closed",
    "no_host_access",
    "no_privilege_escalation",
    "node_class_image",
    "node_class_metadata",
    "node_class_private",
    "node_class_profile",
    "node_class_volumes",
    "node_class_volumes_key",
    "node_confinement_kept",
    "node_pool_lifetime",
    "node_pool_nitro",
    "node_pool_transit_encryption",
    "not_as_root",
    "own_namespace",
    "priority_of_the_team",
    "rbac_least_privilege",
    "resources_stated",
    "root_file_system_read_only",
    "seccomp_on",
    "secrets_as_files",
    "service_internal",
    "storage_class_encrypted",
    "tokens_not_mounted",
]
