from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import unseen_settings


@control(
    id="ND-09",
    title="Node groups have no SSH access",
    requirement="node.ssh.no_remote_access",
    types=("AWS::EKS::Nodegroup",),
    needs="resource",
    severity=Severity.HIGH,
    why="RemoteAccess without source security groups opens port 22 of every node to the internet.",
    fix="Drop RemoteAccess; use SSM Session Manager where operators need a node.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html",
    enforced_by="NodeGroup",
)
def no_remote_access(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    access = group.get("RemoteAccess")
    if access is not None:
        groups = access.get("SourceSecurityGroups") if isinstance(access, dict) else None
        where = "from named security groups" if groups else "from the whole internet"
        yield Problem(f"SSH is open {where}", "RemoteAccess")
    else:  # a launch template may name a key pair
        yield from (Problem(*hidden, unseen=True) for hidden in unseen_settings(group, assembly, "KeyName"))
