"""Which construct enforces which control: each control exactly one construct, or it says why none does.

This is one file, and not a line in every construct, because a synth without `Checks()` needs no control: importing the
catalogue costs more than making a node group (docs/adr/0002-enforcement-is-one-file.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.controls import access, control_plane, functions, images, keys, logs, network, nodes, stack
from hardened_eks.controls import deployable as d
from hardened_eks.controls import messaging as m
from hardened_eks.controls import security_groups as sg

if TYPE_CHECKING:
    from hardened_eks.controls.model import Control

ENFORCES: dict[str, tuple[Control, ...]] = {
    "Network": (
        network.flow_logs,
        network.default_security_group_closed,
        network.no_auto_public_ip,
        network.no_internet_gateway_route,
        network.multi_az,
        network.separate_tiers,
        network.endpoint_ecr_api,
        network.endpoint_ecr_dkr,
        network.endpoint_ssm,
        network.endpoint_ec2,
        network.endpoint_secretsmanager,
        network.endpoints_of_private_cluster,
        network.endpoint_trust_boundary,
        images.ecr_endpoint_policy,
        functions.runtime_supported,
        functions.function_in_vpc,
        functions.function_failures_kept,
        functions.function_without_secrets,
        functions.function_traced,
        functions.function_role,
        d.endpoint_service_exists,
        d.delivery_role_ready,
        d.cidrs_do_not_overlap,
    ),
    "Keys": (
        keys.key_rotation,
        keys.key_policy_not_public,
        keys.grants_for_aws_services,
        keys.single_region,
        d.key_policy_keeps_owner,
        d.log_key_admits_logs,
    ),
    "Cluster": (
        *(c for c in control_plane.CONTROL_PLANE if c is not control_plane.network_policy_enforced),
        sg.no_world_ssh,
        sg.no_world_rdp,
        sg.no_world_high_risk_ports,
        sg.no_world_ingress,
        sg.narrow_ingress,
        sg.egress_restricted,
        sg.described,
        sg.cluster_to_node,
        logs.log_group_encrypted,
        logs.log_group_retention,
        access.no_inline,
        access.trust_restricted,
        access.confused_deputy,
        access.aws_managed_policies,
        stack.no_explicit_names,
        d.log_types_exist,
        d.subnets_span_zones,
        d.kubernetes_version_exists,
        d.security_group_rules_unique,
        d.logging_group_first,
        d.retention_exists,
        d.names_not_too_long,
        d.create_only_unchanged,
        d.endpoint_access_somewhere,
        d.encryption_resources,
        d.service_cidr_valid,
        d.arns_well_formed,
    ),
    "Addon": (
        control_plane.network_policy_enforced,
        keys.iam_no_decrypt_all,
        d.addon_name_exists,
        d.addon_configuration_json,
    ),
    "NodeGroup": (
        *(c for c in nodes.NODES if not c.detective and c is not nodes.instance_hardening),
        d.nodegroup_launch_template_exclusive,
        d.nodegroup_architecture,
        d.instance_type_exists,
        d.nodegroup_scaling,
        d.metadata_hop_limit_range,
        d.nodegroup_version_skew,
        d.addons_in_order,
        d.update_config,
        d.custom_ami_alone,
        d.instance_types_in_one_place,
        d.launch_template_network,
        d.labels_and_taints,
    ),
    "AccessEntry": (d.access_policy_exists, d.access_entries_unique),
    "BreakGlassRole": (
        access.break_glass_alarm,
        m.topic_encrypted,
        m.topic_customer_key,
        m.topic_tls_only,
        m.topic_policy_not_public,
        m.topic_delivery_logged,
        m.rule_dead_letters,
        m.queue_encrypted,
        m.queue_policy_safe,
        m.queue_dead_letters,
        d.event_pattern_shape,
    ),
    "CreatorRole": (
        access.creator_role,
        access.no_admin,
        access.no_service_wildcard,
        access.no_wildcards,
        access.no_risky_actions,
        access.passrole_restricted,
        access.no_users,
    ),
    "AdminHost": (nodes.instance_hardening,),
    "PodRole": (access.workload_trust, d.pod_identity_unique),
    "Repository": (
        images.immutable_tags,
        images.images_kms,
        images.images_customer_key,
        images.scan_on_push,
        images.images_not_public,
        images.push_rights,
        images.image_lifecycle,
        d.ecr_lifecycle_json,
    ),
    "Registry": (images.enhanced_scanning,),
}
"""Public name of a construct -> what it enforces."""
