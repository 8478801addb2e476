from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import GROUP, INGRESS, rules


@control(
    id="SG-04",
    title="Only HTTPS is open to the internet",
    requirement="sg.no_world_ingress",
    types=(GROUP, INGRESS),
    needs="assembly",
    severity=Severity.HIGH,
    why="Every port that is open to the internet adds attack surface to a cluster that is meant to be private.",
    fix="Set the security group or the address range of the clients as the source of the rule.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    blind=(
        "TCP 443 is allowed, for public load balancers. Security Hub EC2.18 and Control Tower CT.EC2.PR.3 also allow "
        "80; cdk-nag EC23 and the Guard registry allow nothing. SG-05 evaluates prefix lists outside the assembly. A "
        "source that is a template parameter counts as the internet."
    ),
    enforced_by="Cluster",
)
def no_world_ingress(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for rule in rules(resource, "Ingress"):
        if not rule.only_https:
            for path, cidr in rule.world(assembly):
                yield Problem(f"{rule.described_ports} from {cidr}", path)
