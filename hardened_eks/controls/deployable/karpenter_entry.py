from collections.abc import Iterator

from hardened_eks.controls._unseen import value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import self_managed_roles
from hardened_eks.evidence.views.eks_roles import is_hidden
from hardened_eks.evidence.views.launch import NODEGROUP
from hardened_eks.evidence.views.node_roles import has_policy_of_kubelet

_CLUSTER, _ENTRY, _ROLE = "AWS::EKS::Cluster", "AWS::EKS::AccessEntry", "AWS::IAM::Role"


@control(
    id="DP-84",
    title="The role of nodes that Karpenter launches has an access entry of type EC2_LINUX",
    types=("AWS::IAM::InstanceProfile",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS creates the entry only for roles of managed node groups. Without an entry, or with one of type STANDARD, "
        "Karpenter launches node after node, each gets the answer Unauthorized, and none of them joins."
    ),
    fix="Add an AWS::EKS::AccessEntry with the role and Type EC2_LINUX.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    blind=(
        "Clusters and roles that are not in the assembly. Assemblies with several clusters, because nothing shows "
        "which one the nodes join. Clusters that also read the aws-auth ConfigMap."
    ),
    enforced_by="Karpenter",
)
def karpenter_entry(profile: Resource, assembly: Assembly) -> Iterator[Problem]:
    clusters = assembly.of(_CLUSTER)
    if len(clusters) != 1 or clusters[0].get("AccessConfig.AuthenticationMode", "CONFIG_MAP") != "API":
        return
    for path, value in profile.each("Roles"):
        role = assembly.target(value, _ROLE, near=profile)
        if role is None:
            yield from value_not_seen(profile, assembly, path, value, _ROLE)
        elif has_policy_of_kubelet(role) and not _let_in_otherwise(role, assembly):
            yield from (Problem(message, path) for message in _entries(role, assembly))


def _let_in_otherwise(role: Resource, assembly: Assembly) -> bool:
    """Return whether EKS creates the entry, or another control requires it."""
    return bool(assembly.pointing("NodeRole", role, NODEGROUP)) or role in self_managed_roles(assembly)


def _entries(role: Resource, assembly: Assembly) -> Iterator[str]:
    everybody = assembly.of(_ENTRY)
    entries = [one for one in everybody if assembly.target(one.get("PrincipalArn"), _ROLE, near=one) is role]
    hidden = any(is_hidden(one, assembly) for one in everybody)
    if not entries and not hidden:
        yield f"the role {role.logical_id} of its nodes has no access entry"
    for entry in entries:
        kind = entry.get("Type", "STANDARD")
        if isinstance(kind, str) and not kind.upper().startswith("EC2"):
            yield f"the access entry of the role {role.logical_id} is of type {kind}"
