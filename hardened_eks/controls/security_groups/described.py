from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import EGRESS, GROUP, INGRESS, rules


@control(
    id="SG-07",
    title="Security groups have a description and a VPC, and their rules have a description",
    requirement="sg.described",
    types=(GROUP, INGRESS, EGRESS),
    needs="resource",
    severity=Severity.LOW,
    why="Nobody dares to remove a rule that nobody can explain. A group without a VPC is created in the default VPC.",
    fix="Give the group a GroupDescription and a VpcId, and each rule a Description.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    blind="Whether the description is correct.",
    enforced_by="Cluster",
)
def described(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == GROUP:
        if resource.get("GroupDescription", "") == "":
            yield Problem("the group has no description", "GroupDescription")
        if resource.get("VpcId") is None:
            yield Problem("the group has no VPC and is created in the default VPC", "VpcId")
    for direction in ("Ingress", "Egress"):
        for rule in rules(resource, direction):
            if rule.hidden is None and rule.values.get("Description") in (None, ""):
                yield Problem("the rule has no description", rule.path("Description"))
