from collections.abc import Iterator

from hardened_eks.controls.access._documents import attached_statements
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._launch import node_groups_of, policies_of

_KUBELET = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSSMManagedInstanceCore",
)
_HARMLESS = ("ec2:describe", "eks:describecluster", "ssmmessages:", "ec2messages:", "eks-auth:")


@control(
    id="ND-16",
    title="The nodes' role carries what a kubelet needs and nothing else",
    requirement="node.role.least_privilege",
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why="Whatever the node may do, every pod on it may do that gets at the node's credentials.",
    fix=(
        "Give the CNI, the CSI driver and applications roles of their own (Pod Identity) and leave "
        "AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    blind="Roles that are not in the assembly.",
)
def node_role_least(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not node_groups_of(role, assembly):
        return
    for name, path in policies_of(role):
        if name not in _KUBELET:
            yield Problem(f"{name} is more than a kubelet needs", path)
    for path, statement in attached_statements(role, assembly):
        if statement.allows and (
            statement.unknown
            or not all(a.lower().startswith(_HARMLESS) for a in statement.actions)
            or statement.not_actions
        ):
            yield Problem("a policy gives nodes more than a kubelet needs", path)
