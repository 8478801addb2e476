"""Nodes: metadata, volumes, network, image, role."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.nodes.asg_health import asg_health
    from hardened_eks.controls.nodes.asg_launch_template import asg_launch_template
    from hardened_eks.controls.nodes.auto_mode_pools import auto_mode_pools
    from hardened_eks.controls.nodes.bottlerocket_closed import bottlerocket_closed
    from hardened_eks.controls.nodes.container_os import container_os
    from hardened_eks.controls.nodes.detailed_monitoring import detailed_monitoring
    from hardened_eks.controls.nodes.fargate_selects_namespaces import fargate_selects_namespaces
    from hardened_eks.controls.nodes.imds_hop_limit import imds_hop_limit
    from hardened_eks.controls.nodes.imds_v2 import imds_v2
    from hardened_eks.controls.nodes.instance_hardening import instance_hardening
    from hardened_eks.controls.nodes.kubelet_guarded import kubelet_guarded
    from hardened_eks.controls.nodes.managed_nodes import managed_nodes
    from hardened_eks.controls.nodes.nitro_only import nitro_only
    from hardened_eks.controls.nodes.nitro_transit_encryption import nitro_transit_encryption
    from hardened_eks.controls.nodes.no_key_pair import no_key_pair
    from hardened_eks.controls.nodes.no_public_ip import no_public_ip
    from hardened_eks.controls.nodes.no_remote_access import no_remote_access
    from hardened_eks.controls.nodes.node_role_least import node_role_least
    from hardened_eks.controls.nodes.node_role_pulls_only import node_role_pulls_only
    from hardened_eks.controls.nodes.node_version_supported import node_version_supported
    from hardened_eks.controls.nodes.private_subnets import private_subnets
    from hardened_eks.controls.nodes.user_data_fits import user_data_fits
    from hardened_eks.controls.nodes.user_data_no_secrets import user_data_no_secrets
    from hardened_eks.controls.nodes.volumes_customer_key import volumes_customer_key
    from hardened_eks.controls.nodes.volumes_encrypted import volumes_encrypted

NODES = controls_of(
    __name__,
    "node_version_supported",
    "managed_nodes",
    "imds_v2",
    "imds_hop_limit",
    "volumes_encrypted",
    "volumes_customer_key",
    "no_public_ip",
    "private_subnets",
    "no_remote_access",
    "no_key_pair",
    "nitro_only",
    "nitro_transit_encryption",
    "container_os",
    "user_data_no_secrets",
    "node_role_pulls_only",
    "node_role_least",
    "detailed_monitoring",
    "asg_launch_template",
    "asg_health",
    "instance_hardening",
    "kubelet_guarded",
    "bottlerocket_closed",
    "auto_mode_pools",
    "user_data_fits",
    "fargate_selects_namespaces",
)

__all__ = [
    "NODES",
    "asg_health",
    "asg_launch_template",
    "auto_mode_pools",
    "bottlerocket_closed",
    "container_os",
    "detailed_monitoring",
    "fargate_selects_namespaces",
    "imds_hop_limit",
    "imds_v2",
    "instance_hardening",
    "kubelet_guarded",
    "managed_nodes",
    "nitro_only",
    "nitro_transit_encryption",
    "no_key_pair",
    "no_public_ip",
    "no_remote_access",
    "node_role_least",
    "node_role_pulls_only",
    "node_version_supported",
    "private_subnets",
    "user_data_fits",
    "user_data_no_secrets",
    "volumes_customer_key",
    "volumes_encrypted",
]
