import fnmatch
from collections.abc import Iterator

from hardened_eks.baseline.groups import DELIVERY_GROUP
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.cluster_rules import GROUP
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.break_glass import policies, principals
from hardened_eks.evidence.views.group_rights import SYSTEM, doubt
from hardened_eks.evidence.views.iam import trust

_STRONG = {
    "AmazonEKSAdminPolicy": "administers",
    "AmazonEKSEditPolicy": "can change workloads and run pods as any service account,",
    "AmazonEKSAdminViewPolicy": "can read all secrets",
    "AmazonEKSSecretReaderPolicy": "can read all secrets",
}


@control(
    id="CP-17",
    title="Access entries grant powerful rights only in named namespaces",
    requirement="eks.auth.access_entries",
    types=("AWS::EKS::AccessEntry",),
    severity=Severity.MEDIUM,
    why=(
        "Anyone who can read the secrets in kube-system, or run a pod there, gains the rights of the controllers in "
        "that namespace. Together these equal the rights of a cluster administrator."
    ),
    fix=(
        "List the team's namespaces (AccessScope of type namespace), without kube-system. If you use a Kubernetes "
        "group, grant it roles in these namespaces and check their manifests together with the template. Or use an "
        "access policy instead, because EKS documents its rights."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
    blind=(
        "Access policies other than Admin, Edit, AdminView and SecretReader; CP-14 covers "
        "AmazonEKSClusterAdminPolicy. The rights of a Kubernetes group are defined in the cluster, so a group is a "
        "finding unless the manifests that are evaluated with the templates bind it only to roles in named "
        "namespaces. KB-15 evaluates those roles; other bindings of the group are not seen. Two groups pass: the "
        "group of Workloads in the access entry of a Lambda function's role, whose rights `hardened-eks manifests "
        "--bootstrap` writes, and the group of ClusterRules, to which `hardened-eks manifests` binds only the right "
        "to list namespaces, pods and network policies."
    ),
    needs="assembly",
    detective=(
        "The team chooses the scope: AccessEntry and grant_admin accept namespaces, and default to all namespaces."
    ),
)
def entries_scoped(entry: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, name in policies(entry):
        if name in _STRONG:
            where = _where(entry, f"{path}.AccessScope")
            if where:
                yield Problem(f"{name} {_STRONG[name]} in {where}", f"{path}.AccessScope")
    for path, group in entry.each("KubernetesGroups"):
        if group == GROUP or (group == DELIVERY_GROUP and _delivers(entry, assembly)):
            continue
        why = doubt(str(group), assembly)
        if why:
            yield Problem(f"it is in the Kubernetes group {group}, {why}", path)


def _delivers(entry: Resource, assembly: Assembly) -> bool:
    """Return whether the principal is a role that only Lambda can assume, such as the handler of `Workloads`."""
    roles = principals(entry, assembly)
    trusts = [statement for role in roles for _, statement in trust(role) if statement.allows]
    names = [name for statement in trusts for _, name in statement.principals]
    return (
        len(roles) == 1
        and set(names) == {"lambda.amazonaws.com"}
        and not any(statement.unknown or statement.not_principals for statement in trusts)
    )


def _where(entry: Resource, path: str) -> str:
    """Return the part of a scope that is too wide, or an empty string."""
    kind = entry.get(f"{path}.Type", "cluster")
    if isinstance(kind, Unknown):
        return "all namespaces or some, which is not known before deployment"
    if str(kind).lower() != "namespace":
        return "all namespaces"
    namespaces = entry.items(f"{path}.Namespaces")
    if not namespaces:
        return "all namespaces"
    for name in namespaces:
        if isinstance(name, Unknown) and "*" not in str(name):
            return f"namespace {name}, not known before deployment"
        if not str(name).strip("*"):
            return "all namespaces"
        if fnmatch.fnmatchcase(SYSTEM, str(name)):
            return f"{SYSTEM} ({name})" if str(name) != SYSTEM else SYSTEM
    return ""
