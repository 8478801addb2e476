"""The network: VPC, subnets, routes, endpoints and external connections."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.network.block_public_access import block_public_access
    from hardened_eks.controls.network.connectivity_controlled import connectivity_controlled
    from hardened_eks.controls.network.default_security_group_closed import default_security_group_closed
    from hardened_eks.controls.network.dhcp_amazon_dns import dhcp_amazon_dns
    from hardened_eks.controls.network.dns_alerts_first import dns_alerts_first
    from hardened_eks.controls.network.dns_firewall import dns_firewall
    from hardened_eks.controls.network.dns_forwarding import dns_forwarding
    from hardened_eks.controls.network.dns_query_log import dns_query_log
    from hardened_eks.controls.network.egress_routes import egress_routes
    from hardened_eks.controls.network.endpoint_ec2 import endpoint_ec2
    from hardened_eks.controls.network.endpoint_ecr_api import endpoint_ecr_api
    from hardened_eks.controls.network.endpoint_ecr_dkr import endpoint_ecr_dkr
    from hardened_eks.controls.network.endpoint_secretsmanager import endpoint_secretsmanager
    from hardened_eks.controls.network.endpoint_ssm import endpoint_ssm
    from hardened_eks.controls.network.endpoint_ssm_contacts import endpoint_ssm_contacts
    from hardened_eks.controls.network.endpoint_ssm_incidents import endpoint_ssm_incidents
    from hardened_eks.controls.network.endpoint_trust_boundary import endpoint_trust_boundary
    from hardened_eks.controls.network.endpoints_of_private_cluster import endpoints_of_private_cluster
    from hardened_eks.controls.network.flow_log_useful import flow_log_useful
    from hardened_eks.controls.network.flow_logs import flow_logs
    from hardened_eks.controls.network.hybrid_networks import hybrid_networks
    from hardened_eks.controls.network.load_balancers_internal import load_balancers_internal
    from hardened_eks.controls.network.multi_az import multi_az
    from hardened_eks.controls.network.network_acl_no_open_admin import network_acl_no_open_admin
    from hardened_eks.controls.network.network_acl_sane import network_acl_sane
    from hardened_eks.controls.network.network_firewall import network_firewall
    from hardened_eks.controls.network.no_auto_public_ip import no_auto_public_ip
    from hardened_eks.controls.network.no_internet_gateway_route import no_internet_gateway_route
    from hardened_eks.controls.network.separate_tiers import separate_tiers

NETWORK = controls_of(
    __name__,
    "flow_logs",
    "default_security_group_closed",
    "no_auto_public_ip",
    "no_internet_gateway_route",
    "block_public_access",
    "multi_az",
    "separate_tiers",
    "endpoint_ecr_api",
    "endpoint_ecr_dkr",
    "endpoint_ssm",
    "endpoint_ec2",
    "endpoint_secretsmanager",
    "endpoint_ssm_contacts",
    "endpoint_ssm_incidents",
    "endpoints_of_private_cluster",
    "endpoint_trust_boundary",
    "network_acl_no_open_admin",
    "network_acl_sane",
    "network_firewall",
    "connectivity_controlled",
    "hybrid_networks",
    "dns_firewall",
    "dns_query_log",
    "dhcp_amazon_dns",
    "dns_forwarding",
    "egress_routes",
    "load_balancers_internal",
    "flow_log_useful",
    "dns_alerts_first",
)

__all__ = [
    "NETWORK",
    "block_public_access",
    "connectivity_controlled",
    "default_security_group_closed",
    "dhcp_amazon_dns",
    "dns_alerts_first",
    "dns_firewall",
    "dns_forwarding",
    "dns_query_log",
    "egress_routes",
    "endpoint_ec2",
    "endpoint_ecr_api",
    "endpoint_ecr_dkr",
    "endpoint_secretsmanager",
    "endpoint_ssm",
    "endpoint_ssm_contacts",
    "endpoint_ssm_incidents",
    "endpoint_trust_boundary",
    "endpoints_of_private_cluster",
    "flow_log_useful",
    "flow_logs",
    "hybrid_networks",
    "load_balancers_internal",
    "multi_az",
    "network_acl_no_open_admin",
    "network_acl_sane",
    "network_firewall",
    "no_auto_public_ip",
    "no_internet_gateway_route",
    "separate_tiers",
]
