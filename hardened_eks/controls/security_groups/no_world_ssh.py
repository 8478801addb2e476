from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import GROUP, INGRESS, open_to_world


@control(
    id="SG-01",
    title="No security group opens SSH to the internet",
    requirement="sg.no_world_ssh",
    types=(GROUP, INGRESS),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Attackers scan an open port 22 within minutes. One leaked key or one sshd vulnerability gives them a shell "
        "on a host of the cluster."
    ),
    fix="Remove the rule and connect to hosts through Session Manager, which needs no inbound port.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-13",
    blind=(
        "Prefix lists outside the assembly: see SG-05. A source that is a template parameter counts as the internet; "
        "a reference to a resource of the assembly (the range of a VPC) does not."
    ),
    enforced_by="Cluster",
)
def no_world_ssh(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, cidr, ports in open_to_world(resource, assembly, 22):
        yield Problem(f"SSH (22) is open to {cidr} ({ports})", path)
