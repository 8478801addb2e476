"""Errors that CloudFormation schemas accept, but that fail or cause problems at deployment."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.deployable.access_entries_unique import access_entries_unique
    from hardened_eks.controls.deployable.access_policy_exists import access_policy_exists
    from hardened_eks.controls.deployable.acl_numbers_unique import acl_numbers_unique
    from hardened_eks.controls.deployable.addon_configuration_json import addon_configuration_json
    from hardened_eks.controls.deployable.addon_name_exists import addon_name_exists
    from hardened_eks.controls.deployable.addons_in_order import addons_in_order
    from hardened_eks.controls.deployable.arns_well_formed import arns_well_formed
    from hardened_eks.controls.deployable.authentication_mode_forward import authentication_mode_forward
    from hardened_eks.controls.deployable.auto_mode_whole import auto_mode_whole
    from hardened_eks.controls.deployable.cidrs_do_not_overlap import cidrs_do_not_overlap
    from hardened_eks.controls.deployable.cluster_stays import cluster_stays
    from hardened_eks.controls.deployable.cluster_version_alone import cluster_version_alone
    from hardened_eks.controls.deployable.condition_keys_offered import condition_keys_offered
    from hardened_eks.controls.deployable.config_recorder_apart import config_recorder_apart
    from hardened_eks.controls.deployable.config_rules_valid import config_rules_valid
    from hardened_eks.controls.deployable.create_only_unchanged import create_only_unchanged
    from hardened_eks.controls.deployable.custom_ami_alone import custom_ami_alone
    from hardened_eks.controls.deployable.delivery_role_ready import delivery_role_ready
    from hardened_eks.controls.deployable.depends_on_exists import depends_on_exists
    from hardened_eks.controls.deployable.ecr_lifecycle_json import ecr_lifecycle_json
    from hardened_eks.controls.deployable.efa_between_members import efa_between_members
    from hardened_eks.controls.deployable.efa_offered import efa_offered
    from hardened_eks.controls.deployable.encryption_resources import encryption_resources
    from hardened_eks.controls.deployable.endpoint_access_somewhere import endpoint_access_somewhere
    from hardened_eks.controls.deployable.endpoint_group_admits import endpoint_group_admits
    from hardened_eks.controls.deployable.endpoint_kind_fits import endpoint_kind_fits
    from hardened_eks.controls.deployable.endpoint_service_exists import endpoint_service_exists
    from hardened_eks.controls.deployable.endpoint_zones_differ import endpoint_zones_differ
    from hardened_eks.controls.deployable.endpoints_unique import endpoints_unique
    from hardened_eks.controls.deployable.entry_made_by_eks import entry_made_by_eks
    from hardened_eks.controls.deployable.event_pattern_shape import event_pattern_shape
    from hardened_eks.controls.deployable.exports_unique import exports_unique
    from hardened_eks.controls.deployable.fargate_core_dns import fargate_core_dns
    from hardened_eks.controls.deployable.fargate_pod_identity import fargate_pod_identity
    from hardened_eks.controls.deployable.fargate_selectors import fargate_selectors
    from hardened_eks.controls.deployable.hybrid_ranges_apart import hybrid_ranges_apart
    from hardened_eks.controls.deployable.instance_type_exists import instance_type_exists
    from hardened_eks.controls.deployable.instance_types_in_one_place import instance_types_in_one_place
    from hardened_eks.controls.deployable.ipv6_ready import ipv6_ready
    from hardened_eks.controls.deployable.karpenter_entry import karpenter_entry
    from hardened_eks.controls.deployable.key_policy_keeps_owner import key_policy_keeps_owner
    from hardened_eks.controls.deployable.key_principals_exist import key_principals_exist
    from hardened_eks.controls.deployable.keys_can_encrypt import keys_can_encrypt
    from hardened_eks.controls.deployable.kubernetes_version_exists import kubernetes_version_exists
    from hardened_eks.controls.deployable.labels_and_taints import labels_and_taints
    from hardened_eks.controls.deployable.launch_template_network import launch_template_network
    from hardened_eks.controls.deployable.live_network_unchanged import live_network_unchanged
    from hardened_eks.controls.deployable.log_key_admits_logs import log_key_admits_logs
    from hardened_eks.controls.deployable.log_types_exist import log_types_exist
    from hardened_eks.controls.deployable.logging_group_first import logging_group_first
    from hardened_eks.controls.deployable.metadata_hop_limit_range import metadata_hop_limit_range
    from hardened_eks.controls.deployable.metric_filter_syntax import metric_filter_syntax
    from hardened_eks.controls.deployable.names_not_too_long import names_not_too_long
    from hardened_eks.controls.deployable.names_unique import names_unique
    from hardened_eks.controls.deployable.namespaces_outlive_manifests import namespaces_outlive_manifests
    from hardened_eks.controls.deployable.node_role_policies import node_role_policies
    from hardened_eks.controls.deployable.nodegroup_architecture import nodegroup_architecture
    from hardened_eks.controls.deployable.nodegroup_launch_template_exclusive import nodegroup_launch_template_exclusive
    from hardened_eks.controls.deployable.nodegroup_scaling import nodegroup_scaling
    from hardened_eks.controls.deployable.nodegroup_version_alone import nodegroup_version_alone
    from hardened_eks.controls.deployable.nodegroup_version_skew import nodegroup_version_skew
    from hardened_eks.controls.deployable.oidc_issuer_valid import oidc_issuer_valid
    from hardened_eks.controls.deployable.one_zone_where_needed import one_zone_where_needed
    from hardened_eks.controls.deployable.pod_identity_agent import pod_identity_agent
    from hardened_eks.controls.deployable.pod_identity_reached import pod_identity_reached
    from hardened_eks.controls.deployable.pod_identity_tags import pod_identity_tags
    from hardened_eks.controls.deployable.pod_identity_unique import pod_identity_unique
    from hardened_eks.controls.deployable.policies_fit_quotas import policies_fit_quotas
    from hardened_eks.controls.deployable.policy_grammar import policy_grammar
    from hardened_eks.controls.deployable.ports_in_order import ports_in_order
    from hardened_eks.controls.deployable.replaced_under_one_name import replaced_under_one_name
    from hardened_eks.controls.deployable.retention_exists import retention_exists
    from hardened_eks.controls.deployable.roles_trust_their_users import roles_trust_their_users
    from hardened_eks.controls.deployable.security_group_rules_unique import security_group_rules_unique
    from hardened_eks.controls.deployable.self_managed_entry import self_managed_entry
    from hardened_eks.controls.deployable.self_managed_start import self_managed_start
    from hardened_eks.controls.deployable.service_cidr_valid import service_cidr_valid
    from hardened_eks.controls.deployable.subnets_span_zones import subnets_span_zones
    from hardened_eks.controls.deployable.target_key_admits_sender import target_key_admits_sender
    from hardened_eks.controls.deployable.update_config import update_config
    from hardened_eks.controls.deployable.version_goes_back import version_goes_back
    from hardened_eks.controls.deployable.version_one_step import version_one_step
    from hardened_eks.controls.deployable.volume_key_admits_launcher import volume_key_admits_launcher
    from hardened_eks.controls.deployable.volume_performance import volume_performance
    from hardened_eks.controls.deployable.vpc_dns_on import vpc_dns_on
    from hardened_eks.controls.deployable.zone_exists import zone_exists

DEPLOYABLE = controls_of(
    __name__,
    "nodegroup_launch_template_exclusive",
    "nodegroup_architecture",
    "instance_type_exists",
    "nodegroup_scaling",
    "metadata_hop_limit_range",
    "arns_well_formed",
    "access_policy_exists",
    "log_types_exist",
    "addon_name_exists",
    "addon_configuration_json",
    "ecr_lifecycle_json",
    "event_pattern_shape",
    "metric_filter_syntax",
    "subnets_span_zones",
    "endpoint_service_exists",
    "kubernetes_version_exists",
    "nodegroup_version_skew",
    "security_group_rules_unique",
    "logging_group_first",
    "log_key_admits_logs",
    "delivery_role_ready",
    "cidrs_do_not_overlap",
    "names_not_too_long",
    "create_only_unchanged",
    "endpoint_access_somewhere",
    "encryption_resources",
    "service_cidr_valid",
    "access_entries_unique",
    "addons_in_order",
    "update_config",
    "custom_ami_alone",
    "instance_types_in_one_place",
    "launch_template_network",
    "labels_and_taints",
    "pod_identity_unique",
    "retention_exists",
    "key_policy_keeps_owner",
    "policies_fit_quotas",
    "zone_exists",
    "roles_trust_their_users",
    "node_role_policies",
    "keys_can_encrypt",
    "volume_key_admits_launcher",
    "key_principals_exist",
    "auto_mode_whole",
    "ipv6_ready",
    "pod_identity_agent",
    "pod_identity_tags",
    "oidc_issuer_valid",
    "fargate_selectors",
    "volume_performance",
    "vpc_dns_on",
    "endpoint_group_admits",
    "endpoint_zones_differ",
    "endpoint_kind_fits",
    "endpoints_unique",
    "ports_in_order",
    "acl_numbers_unique",
    "entry_made_by_eks",
    "exports_unique",
    "names_unique",
    "policy_grammar",
    "condition_keys_offered",
    "cluster_version_alone",
    "depends_on_exists",
    "target_key_admits_sender",
    "version_one_step",
    "version_goes_back",
    "nodegroup_version_alone",
    "replaced_under_one_name",
    "live_network_unchanged",
    "self_managed_entry",
    "self_managed_start",
    "one_zone_where_needed",
    "efa_between_members",
    "efa_offered",
    "hybrid_ranges_apart",
    "fargate_core_dns",
    "fargate_pod_identity",
    "karpenter_entry",
    "namespaces_outlive_manifests",
    "pod_identity_reached",
    "config_recorder_apart",
    "config_rules_valid",
    "authentication_mode_forward",
    "cluster_stays",
)

__all__ = [
    "DEPLOYABLE",
    "access_entries_unique",
    "access_policy_exists",
    "acl_numbers_unique",
    "addon_configuration_json",
    "addon_name_exists",
    "addons_in_order",
    "arns_well_formed",
    "authentication_mode_forward",
    "auto_mode_whole",
    "cidrs_do_not_overlap",
    "cluster_stays",
    "cluster_version_alone",
    "condition_keys_offered",
    "config_recorder_apart",
    "config_rules_valid",
    "create_only_unchanged",
    "custom_ami_alone",
    "delivery_role_ready",
    "depends_on_exists",
    "ecr_lifecycle_json",
    "efa_between_members",
    "efa_offered",
    "encryption_resources",
    "endpoint_access_somewhere",
    "endpoint_group_admits",
    "endpoint_kind_fits",
    "endpoint_service_exists",
    "endpoint_zones_differ",
    "endpoints_unique",
    "entry_made_by_eks",
    "event_pattern_shape",
    "exports_unique",
    "fargate_core_dns",
    "fargate_pod_identity",
    "fargate_selectors",
    "hybrid_ranges_apart",
    "instance_type_exists",
    "instance_types_in_one_place",
    "ipv6_ready",
    "karpenter_entry",
    "key_policy_keeps_owner",
    "key_principals_exist",
    "keys_can_encrypt",
    "kubernetes_version_exists",
    "labels_and_taints",
    "launch_template_network",
    "live_network_unchanged",
    "log_key_admits_logs",
    "log_types_exist",
    "logging_group_first",
    "metadata_hop_limit_range",
    "metric_filter_syntax",
    "names_not_too_long",
    "names_unique",
    "namespaces_outlive_manifests",
    "node_role_policies",
    "nodegroup_architecture",
    "nodegroup_launch_template_exclusive",
    "nodegroup_scaling",
    "nodegroup_version_alone",
    "nodegroup_version_skew",
    "oidc_issuer_valid",
    "one_zone_where_needed",
    "pod_identity_agent",
    "pod_identity_reached",
    "pod_identity_tags",
    "pod_identity_unique",
    "policies_fit_quotas",
    "policy_grammar",
    "ports_in_order",
    "replaced_under_one_name",
    "retention_exists",
    "roles_trust_their_users",
    "security_group_rules_unique",
    "self_managed_entry",
    "self_managed_start",
    "service_cidr_valid",
    "subnets_span_zones",
    "target_key_admits_sender",
    "update_config",
    "version_goes_back",
    "version_one_step",
    "volume_key_admits_launcher",
    "volume_performance",
    "vpc_dns_on",
    "zone_exists",
]
