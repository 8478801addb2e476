"""The network: VPC, subnets, routes, endpoints, and what joins it from outside."""

from hardened_eks.controls.network.block_public_access import block_public_access
from hardened_eks.controls.network.connectivity_controlled import connectivity_controlled
from hardened_eks.controls.network.default_security_group_closed import default_security_group_closed
from hardened_eks.controls.network.endpoint_ec2 import endpoint_ec2
from hardened_eks.controls.network.endpoint_ecr_api import endpoint_ecr_api
from hardened_eks.controls.network.endpoint_ecr_dkr import endpoint_ecr_dkr
from hardened_eks.controls.network.endpoint_secretsmanager import endpoint_secretsmanager
from hardened_eks.controls.network.endpoint_ssm import endpoint_ssm
from hardened_eks.controls.network.endpoint_ssm_contacts import endpoint_ssm_contacts
from hardened_eks.controls.network.endpoint_ssm_incidents import endpoint_ssm_incidents
from hardened_eks.controls.network.endpoint_trust_boundary import endpoint_trust_boundary
from hardened_eks.controls.network.endpoints_of_private_cluster import endpoints_of_private_cluster
from hardened_eks.controls.network.flow_logs import flow_logs
from hardened_eks.controls.network.hybrid_networks import hybrid_networks
from hardened_eks.controls.network.multi_az import multi_az
from hardened_eks.controls.network.network_acl_no_open_admin import network_acl_no_open_admin
from hardened_eks.controls.network.network_acl_sane import network_acl_sane
from hardened_eks.controls.network.network_firewall import network_firewall
from hardened_eks.controls.network.no_auto_public_ip import no_auto_public_ip
from hardened_eks.controls.network.no_internet_gateway_route import no_internet_gateway_route
from hardened_eks.controls.network.separate_tiers import separate_tiers

NETWORK = (
    flow_logs,
    default_security_group_closed,
    no_auto_public_ip,
    no_internet_gateway_route,
    block_public_access,
    multi_az,
    separate_tiers,
    endpoint_ecr_api,
    endpoint_ecr_dkr,
    endpoint_ssm,
    endpoint_ec2,
    endpoint_secretsmanager,
    endpoint_ssm_contacts,
    endpoint_ssm_incidents,
    endpoints_of_private_cluster,
    endpoint_trust_boundary,
    network_acl_no_open_admin,
    network_acl_sane,
    network_firewall,
    connectivity_controlled,
    hybrid_networks,
)

__all__ = [
    "NETWORK",
    "block_public_access",
    "connectivity_controlled",
    "default_security_group_closed",
    "endpoint_ec2",
    "endpoint_ecr_api",
    "endpoint_ecr_dkr",
    "endpoint_secretsmanager",
    "endpoint_ssm",
    "endpoint_ssm_contacts",
    "endpoint_ssm_incidents",
    "endpoint_trust_boundary",
    "endpoints_of_private_cluster",
    "flow_logs",
    "hybrid_networks",
    "multi_az",
    "network_acl_no_open_admin",
    "network_acl_sane",
    "network_firewall",
    "no_auto_public_ip",
    "no_internet_gateway_route",
    "separate_tiers",
]
