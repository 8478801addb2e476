from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import EGRESS, GROUP, Rule, rules, rules_of

_LOOPBACK = {"127.0.0.1/32", "::1/128"}


@control(
    id="SG-06",
    title="Security groups restrict egress",
    requirement="sg.egress_restricted",
    types=(GROUP, EGRESS),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="Stolen data leaves through open egress, and malware connects to its operator through it, on any port.",
    fix=(
        "Set SecurityGroupEgress to the destinations that are needed. EC2 adds a rule that allows everything to a "
        "group without any egress rule: for no egress, the CDK writes an icmp rule to 255.255.255.255/32 "
        "(allow_all_outbound=False)."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html",
    blind=(
        "TCP 443 to the internet is allowed, because routes decide whether it is reachable (see the NW controls); the "
        "Guard registry and trivy reject it. TCP 80 and 443 to a prefix list outside the assembly, such as the one "
        "for S3, are also allowed. Public ranges up to /12 (IPv6: /20) count as the internet. A separate "
        "AWS::EC2::SecurityGroupEgress resource removes the allow-all rule of EC2 just as an inline rule does: see "
        "aws/aws-cdk#998."
    ),
    enforced_by="Cluster",
)
def egress_restricted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == GROUP and not any(rules_of(resource, "Egress", assembly)):
        yield Problem("no egress rule is set, so EC2 adds one that allows everything", "SecurityGroupEgress")
    for rule in rules(resource, "Egress"):
        if rule.only_https or _to_itself(rule):
            continue
        for path, prefix_list in () if rule.only_http else rule.unseen_lists(assembly):
            yield Problem(f"{rule.described_ports} to prefix list {prefix_list}, which is not in the assembly", path)
        world = dict(rule.world(assembly))
        for path, cidr in world.items():
            yield Problem(f"{rule.described_ports} to {cidr}", path)
        if rule.all_protocols and not world and any(rule.cidrs(assembly)):
            yield Problem("all protocols and ports to an address range", rule.path("IpProtocol"))


def _to_itself(rule: Rule) -> bool:
    """Return whether it leads only to the loopback address, with which templates express no egress."""
    peers = [v for name, v in rule.values.items() if name.startswith(("Cidr", "Destination")) and v is not None]
    return bool(peers) and all(isinstance(peer, str) and peer in _LOOPBACK for peer in peers)
