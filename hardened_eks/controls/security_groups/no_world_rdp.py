from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import GROUP, INGRESS, open_to_world


@control(
    id="SG-02",
    title="No security group opens RDP to the internet",
    requirement="sg.no_world_rdp",
    types=(GROUP, INGRESS),
    needs="assembly",
    severity=Severity.HIGH,
    why="Ransomware attacks often start with Remote Desktop, whose passwords are guessed over the internet.",
    fix="Remove the rule and connect to hosts through Session Manager or Fleet Manager, which need no inbound port.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-14",
    blind=(
        "Prefix lists outside the assembly: see SG-05. A source that is a template parameter counts as the internet; "
        "a reference to a resource of the assembly (the range of a VPC) does not."
    ),
    enforced_by="Cluster",
)
def no_world_rdp(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, cidr, ports in open_to_world(resource, assembly, 3389):
        yield Problem(f"RDP (3389) is open to {cidr} ({ports})", path)
