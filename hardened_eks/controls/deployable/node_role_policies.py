from collections.abc import Iterator

from hardened_eks.controls._unseen import policies_not_seen, role_not_seen, self_managed_role_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import is_nodes, role_of
from hardened_eks.evidence.views.iam import attached_statements
from hardened_eks.evidence.views.launch import AUTO_SCALING, policies_of
from hardened_eks.evidence.views.launch_source import launch_settings, settings_path

_ROLES = {"AWS::EKS::Nodegroup": "NodeRole", "AWS::EKS::Cluster": "ComputeConfig.NodeRoleArn"}
_ECR = "AmazonEC2ContainerRegistry"
_NEEDED = {
    "join the cluster": (
        ("ec2:DescribeInstances", "eks-auth:AssumeRoleForPodIdentity"),
        ("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"),
    ),
    "pull images": (
        ("ecr:GetAuthorizationToken",),
        (f"{_ECR}PullOnly", f"{_ECR}ReadOnly", f"{_ECR}PowerUser", f"{_ECR}FullAccess"),
    ),
}
"""Purpose -> actions of which a custom policy allows one, and the AWS managed policies that allow it."""


@control(
    id="DP-41",
    title="The node role allows nodes to join the cluster and pull images",
    types=(*_ROLES, AUTO_SCALING),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "The nodes never become ready, and the node group fails after half an hour with NodeCreationFailure "
        '("Instances failed to join the kubernetes cluster").'
    ),
    fix="Attach AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly to the role.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    enforced_by="NodeGroup",
)
def node_role_policies(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == AUTO_SCALING:
        path = settings_path(resource)
        settings = launch_settings(resource, assembly) if is_nodes(resource, assembly) else None
        role = None if settings is None else role_of(settings, assembly)
        if role is None and is_nodes(resource, assembly):
            yield from self_managed_role_not_seen(resource, assembly)
    else:
        yield from role_not_seen(resource, assembly)
        path = _ROLES[resource.type]
        role = assembly.target(resource.get(path), "AWS::IAM::Role", near=resource)
    if role is None:
        return
    hidden = list(policies_not_seen(role, assembly, path))
    yield from hidden
    if hidden:
        return
    names = {name for name, _, _ in policies_of(role)}
    own = [statement for _, _, statement in attached_statements(role, assembly) if statement.allows]
    for purpose, (actions, policies) in _NEEDED.items():
        if not names.intersection(policies) and not any(s.does(action) for s in own for action in actions):
            yield Problem(f"the role {role.logical_id} does not let nodes {purpose}: it has no {policies[0]}", path)
