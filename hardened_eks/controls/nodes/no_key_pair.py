from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, prefix_of
from hardened_eks.evidence.views.launch_source import LAUNCHED


@control(
    id="ND-10",
    title="Nodes are launched without an EC2 key pair",
    requirement="node.ssh.no_key_pair",
    types=(TEMPLATE, INSTANCE, CONFIGURATION, *LAUNCHED),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="A key pair is a root login that never expires, is easily copied, and does not show in any log who used it.",
    fix="Remove KeyName.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html",
    enforced_by="NodeGroup",
)
def no_key_pair(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "KeyName")
    path = f"{prefix_of(resource)}KeyName"
    if resource.get(path) is not None:
        yield Problem(f"the key pair {resource.get(path)} gives access to the instances", path)
