from collections.abc import Iterator
from typing import Final

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import NODEGROUP

_DOOR: Final = "AWS::EC2::InstanceConnectEndpoint"


@control(
    id="ND-09",
    title="Node groups have no SSH access, and no EC2 Instance Connect Endpoint leads to nodes",
    requirement="node.ssh.no_remote_access",
    types=(NODEGROUP, _DOOR),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "RemoteAccess without source security groups opens port 22 of every node to the internet. An EC2 Instance "
        "Connect Endpoint lets anyone with a single IAM action open a tunnel to port 22, and does not record the "
        "session."
    ),
    fix="Remove RemoteAccess and the endpoint, and use SSM Session Manager if operators need access to a node.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html",
    enforced_by="NodeGroup",
)
def no_remote_access(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.type == _DOOR:
        yield Problem("it opens tunnels to SSH and RDP from outside the VPC")
        return
    access = group.get("RemoteAccess")
    if access is not None:
        groups = access.get("SourceSecurityGroups") if isinstance(access, dict) else None
        where = "from named security groups" if groups else "from the whole internet"
        yield Problem(f"SSH is open {where}", "RemoteAccess")
    else:  # a launch template may set a key pair
        yield from launch_not_seen(group, assembly, "KeyName")
