from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.graph import precedes

_MADE = {"AWS::EKS::Nodegroup": "NodeRole", "AWS::EKS::FargateProfile": "PodExecutionRoleArn"}


@control(
    id="DP-59",
    title="Nobody makes the access entries that EKS makes itself",
    types=("AWS::EKS::AccessEntry",),
    needs="assembly",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS makes the entry for the role of a managed node group and of a Fargate profile, and answers "
        "ResourceInUseException (The specified access entry resource is already in use on this cluster) for another."
    ),
    fix="Remove the entry; one that exists before the node group is taken over: let the group depend on it.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    blind="Roles that are not in the assembly.",
    enforced_by="AccessEntry",
)
def entry_made_by_eks(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    role = assembly.target(resource.get("PrincipalArn"), "AWS::IAM::Role", near=resource)
    cluster = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    if role is None:
        return
    for type_, path in _MADE.items():
        for user in assembly.pointing(path, role, type_):
            theirs = assembly.target(user.get("ClusterName"), "AWS::EKS::Cluster", near=user)
            same = theirs is cluster if cluster is not None else user.get("ClusterName") == resource.get("ClusterName")
            if same and not precedes(resource, user):
                yield Problem(f"EKS makes the entry for the role of {user.logical_id}", "PrincipalArn")
