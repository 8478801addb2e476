from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.ranges import is_internet
from hardened_eks.evidence.worst import at_worst


@control(
    id="NW-17",
    title="Network ACLs do not open SSH, RDP or all ports to the internet",
    requirement="vpc.nacl.no_open_admin",
    types=("AWS::EC2::NetworkAclEntry",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="The network ACL is the last protection if somebody opened a security group by mistake.",
    fix=(
        "Allow only the ports that serve internet clients, and deny the rest; or keep the VPC's default ACL and rely "
        "on security groups."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21",
    blind=(
        "The default network ACL of a VPC, which allows everything and which CloudFormation cannot change. Deny "
        "entries with a lower number are ignored."
    ),
    detective="No construct creates network ACLs: security groups do their work, and are stateful.",
)
def network_acl_no_open_admin(entry: Resource, assembly: Assembly) -> Iterator[Problem]:
    action = entry.get("RuleAction", "allow")
    if entry.flag("Egress", default=False) is True or (
        not isinstance(action, Unknown) and str(action).lower() != "allow"
    ):
        return
    sources = [v for name in ("CidrBlock", "Ipv6CidrBlock") if (v := entry.get(name)) is not None]
    known = any(isinstance(source, str) and is_internet(source) for source in sources)
    if not known and not any(isinstance(s, Unknown) and assembly.target(s) is None for s in sources):
        return
    source = None if known else next(s for s in sources if isinstance(s, Unknown) and assembly.target(s) is None)
    protocol = entry.get("Protocol", -1)
    if isinstance(protocol, Unknown) or str(protocol) == "-1":
        message = "all protocols and ports are allowed from the internet"
        yield Problem(at_worst(message, "the source", source), "Protocol")
    elif str(protocol) in {"6", "17"}:
        first, last = entry.number("PortRange.From", 0), entry.number("PortRange.To", 65535)
        first, last = first if isinstance(first, int) else 0, last if isinstance(last, int) else 65535
        open_ports = [port for port in (22, 3389) if first <= port <= last]
        if open_ports:
            message = f"ports {first}-{last} are allowed from the internet, with {' and '.join(map(str, open_ports))}"
            yield Problem(at_worst(message, "the source", source), "PortRange")
