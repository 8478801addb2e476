from collections.abc import Iterator

from hardened_eks.controls._unseen import policies_not_seen, role_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.eks_roles import ROLE
from hardened_eks.evidence.views.iam import attached_statements
from hardened_eks.evidence.views.launch import policies_of
from hardened_eks.evidence.views.node_roles import NODE_ROLE_USERS, is_node_role

_WRITING = (
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:BatchDeleteImage",
    "ecr:DeleteRepository",
    "ecr:SetRepositoryPolicy",
    "ecr:DeleteRepositoryPolicy",
    "ecr:PutImageTagMutability",
    "ecr:PutLifecyclePolicy",
    "ecr:PutRegistryPolicy",
    "ecr-public:PutImage",
)
_PUSHING = (
    "AdministratorAccess",
    "PowerUserAccess",
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonEC2ContainerRegistryPowerUser",
    "AmazonElasticContainerRegistryPublicFullAccess",
    "AmazonElasticContainerRegistryPublicPowerUser",
    "EC2InstanceProfileForImageBuilderECRContainerBuilds",
)


@control(
    id="ND-15",
    title="The node role can pull images but not push them",
    requirement="node.role.ecr_read_only",
    types=(ROLE, *NODE_ROLE_USERS),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="A pod that obtains the node's credentials could replace images for the whole fleet.",
    fix="Attach AmazonEC2ContainerRegistryPullOnly.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    blind="Roles of self-managed nodes without an access entry.",
    enforced_by="NodeGroup",
)
def node_role_pulls_only(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role.type != ROLE:
        yield from role_not_seen(role, assembly)
        return
    if not is_node_role(role, assembly):
        return
    yield from policies_not_seen(role, assembly)
    for name, _, path in policies_of(role):
        if name in _PUSHING:
            yield Problem(f"{name} can push images", path)
    for path, policy, statement in attached_statements(role, assembly):
        if statement.allows and statement.unknown:
            yield Problem(f"{policy} is not known before deployment", path)
        elif statement.allows and any(statement.does(action) for action in _WRITING):
            yield Problem(f"{policy} lets nodes push, delete or administer images", path)
