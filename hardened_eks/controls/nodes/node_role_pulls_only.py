from collections.abc import Iterator

from hardened_eks.controls.access._documents import attached_statements
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._launch import node_groups_of, policies_of

_PUSH = ("PutImage", "InitiateLayerUpload", "DeleteRepository", "BatchDeleteImage")


@control(
    id="ND-15",
    title="The nodes' role can pull images and not push them",
    requirement="node.role.ecr_read_only",
    types=("AWS::IAM::Role",),
    severity=Severity.MEDIUM,
    why="A pod that gets hold of the node's credentials could replace images for the whole fleet.",
    fix="Attach AmazonEC2ContainerRegistryPullOnly.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    blind="Roles that are not in the assembly.",
)
def node_role_pulls_only(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not node_groups_of(role, assembly):
        return
    for name, path in policies_of(role):
        if name in (
            "AmazonEC2ContainerRegistryPowerUser",
            "AmazonEC2ContainerRegistryFullAccess",
            "AdministratorAccess",
        ):
            yield Problem(f"{name} can push images", path)
    for path, statement in attached_statements(role, assembly):
        if statement.allows and any(statement.does(f"ecr:{action}") for action in _PUSH):
            yield Problem("a policy lets nodes push or delete images", path)
