from collections.abc import Iterable, Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.graph import precedes
from hardened_eks.evidence.views.eks_roles import seen

_MADE = {"AWS::EKS::Nodegroup": "NodeRole", "AWS::EKS::FargateProfile": "PodExecutionRoleArn"}


@control(
    id="DP-59",
    title="Templates do not create the access entries that EKS creates itself",
    types=("AWS::EKS::AccessEntry",),
    needs="assembly",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS creates the access entry for the role of a managed node group or Fargate profile, and returns "
        'ResourceInUseException ("The specified access entry resource is already in use on this cluster") for another '
        "one."
    ),
    fix=(
        "Remove the entry. EKS uses an entry that exists before the node group: to keep it, make the node group "
        "depend on it."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    blind="Node groups and Fargate profiles that are not in the assembly.",
    enforced_by="AccessEntry",
)
def entry_made_by_eks(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    role = seen(resource, resource.get("PrincipalArn"), assembly)
    cluster = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    for type_, path in _MADE.items():
        for user in _users(resource, role, type_, path, assembly):
            theirs = assembly.target(user.get("ClusterName"), "AWS::EKS::Cluster", near=user)
            same = theirs is cluster if cluster is not None else user.get("ClusterName") == resource.get("ClusterName")
            if same and not precedes(resource, user):
                yield Problem(f"EKS creates the entry for the role of {user.logical_id} itself", "PrincipalArn")


def _users(entry: Resource, role: Resource | None, type_: str, path: str, assembly: Assembly) -> Iterable[Resource]:
    """Return the resources that use the role of an entry, or that name an unseen role in the same way."""
    if role is not None:
        return assembly.pointing(path, role, type_)
    written = str(entry.get("PrincipalArn"))
    return [user for user in assembly.of(type_) if str(user.get(path)) == written and written != "None"]
