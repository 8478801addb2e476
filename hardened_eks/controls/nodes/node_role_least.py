from collections.abc import Iterator

from hardened_eks.controls._unseen import role_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.eks_roles import ROLE
from hardened_eks.evidence.views.iam import attached_statements
from hardened_eks.evidence.views.launch import policies_of
from hardened_eks.evidence.views.node_roles import NODE_ROLE_USERS, is_node_role

_KUBELET = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSSMManagedInstanceCore",
)
_HARMLESS = (
    "ec2:describe",
    "ec2messages:",
    "ecr:batchchecklayeravailability",
    "ecr:batchgetimage",
    "ecr:batchimportupstreamimage",
    "ecr:getauthorizationtoken",
    "ecr:getdownloadurlforlayer",
    "eks-auth:",
    "eks:describecluster",
    "ssm:updateinstanceinformation",
    "ssmmessages:",
)
"""The actions of the policies above in lower case; other actions of AmazonSSMManagedInstanceCore are not for nodes."""


@control(
    id="ND-16",
    title="The node role has only the permissions that a kubelet needs",
    requirement="node.role.least_privilege",
    types=(ROLE, *NODE_ROLE_USERS),
    needs="assembly",
    severity=Severity.HIGH,
    why="A pod that obtains the node's credentials can do everything that the node can do.",
    fix=(
        "Give the CNI, the CSI driver and applications their own roles (Pod Identity), and leave only "
        "AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly on the node role."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    blind="Roles that are not in the assembly.",
    enforced_by="NodeGroup",
)
def node_role_least(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role.type != ROLE:
        yield from role_not_seen(role, assembly)
        return
    if not is_node_role(role, assembly):
        return
    for name, arn, path in policies_of(role):
        if name is None:
            if assembly.target(arn, "AWS::IAM::ManagedPolicy", near=role) is None:
                yield Problem(f"what {arn} allows is not known", path)
        elif name not in _KUBELET:
            yield Problem(f"{name} allows more than a kubelet needs", path)
    for path, policy, statement in attached_statements(role, assembly):
        if statement.allows and statement.unknown:
            yield Problem(f"{policy} is not known before deployment", path)
        elif statement.allows and (
            not all(a.lower().startswith(_HARMLESS) for a in statement.actions) or statement.not_actions
        ):
            yield Problem(f"{policy} gives nodes more than a kubelet needs", path)
