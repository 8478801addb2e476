from hardened_eks.controls.security_groups import described
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.security_groups.base import GROUPS, IN, OUT, SG

CASE = Case(
    described,
    GROUPS,
    bad={
        "no group description": Bad(change(SG, "GroupDescription", ""), "GroupDescription"),
        "no VPC": Bad(drop(SG, "VpcId"), "VpcId"),
        "inline rule": Bad(drop(SG, "SecurityGroupEgress.0.Description"), "SecurityGroupEgress.0.Description"),
        "ingress rule": Bad(drop(IN, "Description"), "Description"),
        "egress rule": Bad(change(OUT, "Description", ""), "Description"),
    },
    edge={"text in a parameter": hide(IN, "Description"), "no rules": drop(SG, "SecurityGroupIngress")},
)
