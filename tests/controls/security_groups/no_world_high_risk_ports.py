from hardened_eks.controls.security_groups import no_world_high_risk_ports
from tests.controls.cases import Bad, Case
from tests.controls.security_groups.base import CLOSED, GROUPS, inline, rule, world

CASE = Case(
    no_world_high_risk_ports,
    GROUPS,
    bad={
        **world(10250),
        "a database": Bad(inline(rule(5432, CidrIp="0.0.0.0/0")), "SecurityGroupIngress.0.CidrIp"),
    },
    edge=CLOSED,
)
