from hardened_eks.controls.security_groups import no_world_ingress
from tests.controls.cases import Bad, Case
from tests.controls.security_groups.base import CLOSED, GROUPS, inline, rule, world

CASE = Case(
    no_world_ingress,
    GROUPS,
    bad={
        **world(8443),
        "HTTP": Bad(inline(rule(80, CidrIp="0.0.0.0/0")), "SecurityGroupIngress.0.CidrIp"),
        "ICMP": Bad(inline({"IpProtocol": "icmp", "CidrIp": "0.0.0.0/0"}), "SecurityGroupIngress.0.CidrIp"),
    },
    edge=CLOSED,
)
