"""Security groups: the allowed traffic."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.security_groups.cluster_to_node import cluster_to_node
    from hardened_eks.controls.security_groups.described import described
    from hardened_eks.controls.security_groups.egress_restricted import egress_restricted
    from hardened_eks.controls.security_groups.narrow_ingress import narrow_ingress
    from hardened_eks.controls.security_groups.no_world_high_risk_ports import no_world_high_risk_ports
    from hardened_eks.controls.security_groups.no_world_ingress import no_world_ingress
    from hardened_eks.controls.security_groups.no_world_rdp import no_world_rdp
    from hardened_eks.controls.security_groups.no_world_ssh import no_world_ssh

SECURITY_GROUPS = controls_of(
    __name__,
    "no_world_ssh",
    "no_world_rdp",
    "no_world_high_risk_ports",
    "no_world_ingress",
    "narrow_ingress",
    "egress_restricted",
    "described",
    "cluster_to_node",
)

__all__ = [
    "SECURITY_GROUPS",
    "cluster_to_node",
    "described",
    "egress_restricted",
    "narrow_ingress",
    "no_world_high_risk_ports",
    "no_world_ingress",
    "no_world_rdp",
    "no_world_ssh",
]
