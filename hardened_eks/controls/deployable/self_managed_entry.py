from collections.abc import Iterator

from hardened_eks.controls._unseen import self_managed_role_not_seen, value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import cluster_name, cluster_of, is_nodes, role_of
from hardened_eks.evidence.views.eks_roles import is_hidden
from hardened_eks.evidence.views.launch import AUTO_SCALING
from hardened_eks.evidence.views.launch_source import launch_settings, settings_path

_ROLE = "AWS::IAM::Role"


@control(
    id="DP-80",
    title="The role of self-managed nodes has an access entry of type EC2_LINUX",
    types=(AUTO_SCALING,),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS creates the entry only for roles of managed node groups. Without an entry, or with one of type STANDARD, "
        "the API server answers the kubelet with Unauthorized and the nodes never join, although the stack succeeds."
    ),
    fix="Add an AWS::EKS::AccessEntry with the role and Type EC2_LINUX, and make the group depend on it.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    blind=(
        "Clusters, launch templates and roles that are not in the assembly. Clusters that also read the aws-auth "
        "ConfigMap. Roles that a managed node group of the cluster also uses."
    ),
    enforced_by="SelfManagedNodeGroup",
)
def self_managed_entry(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not is_nodes(group, assembly):
        return
    cluster = cluster_of(group, assembly)
    if cluster is None:
        yield from value_not_seen(group, assembly, "Tags", cluster_name(group), "AWS::EKS::Cluster")
        return
    settings = launch_settings(group, assembly)
    role = None if settings is None else role_of(settings, assembly)
    if role is None:
        yield from self_managed_role_not_seen(group, assembly)
        return
    if cluster.get("AccessConfig.AuthenticationMode", "CONFIG_MAP") != "API":
        return
    if any(_of(cluster, user, assembly) for user in assembly.pointing("NodeRole", role, "AWS::EKS::Nodegroup")):
        return
    others = assembly.pointing("ClusterName", cluster, "AWS::EKS::AccessEntry")
    entries = [one for one in others if assembly.target(one.get("PrincipalArn"), _ROLE, near=one) is role]
    if not entries and not any(is_hidden(one, assembly) for one in others):
        yield Problem(f"the role {role.logical_id} of its nodes has no access entry", settings_path(group))
    for entry in entries:
        kind = entry.get("Type", "STANDARD")
        if isinstance(kind, str) and not kind.upper().startswith("EC2"):
            yield Problem(f"the access entry of the role {role.logical_id} is of type {kind}", settings_path(group))


def _of(cluster: Resource, user: Resource, assembly: Assembly) -> bool:
    return assembly.target(user.get("ClusterName"), "AWS::EKS::Cluster", near=user) is cluster
