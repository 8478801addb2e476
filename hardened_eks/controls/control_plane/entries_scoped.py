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
    "AmazonEKSEditPolicy": "changes workloads, and runs pods as any service account,",
    "AmazonEKSAdminViewPolicy": "reads all secrets",
    "AmazonEKSSecretReaderPolicy": "reads all secrets",
}


@control(
    id="CP-17",
    title="Access entries give strong rights only in named namespaces",
    requirement="eks.auth.access_entries",
    types=("AWS::EKS::AccessEntry",),
    severity=Severity.MEDIUM,
    why=(
        "Anyone who can read the secrets of kube-system, or run a pod there, has the rights of the controllers in "
        "it. Together these equal the rights of a cluster administrator."
    ),
    fix=(
        "Name namespaces of the team (AccessScope of type namespace), none of them kube-system. Give a Kubernetes "
        "group roles in these namespaces, and check their manifests together with the template; or name an access "
        "policy instead, whose rights EKS documents."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
    blind=(
        "Access policies other than Admin, Edit, AdminView and SecretReader; AmazonEKSClusterAdminPolicy is CP-14's. "
        "What a Kubernetes group may do stands in the cluster, so a group is a finding unless the manifests among the "
        "templates bind it to roles in named namespaces alone (KB-15 judges the roles; what else binds it is not "
        "seen), except the group of Workloads in the entry of a Lambda function's role: "
        "`hardened-eks manifests --bootstrap` writes its rights; and the one of "
        "ClusterRules: what `hardened-eks manifests` binds to it lists namespaces, "
        "pods and network policies."
    ),
    needs="assembly",
    detective="Scopes are the team's choice: AccessEntry and grant_admin take namespaces and default to all of them.",
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
    """Return whether the principal is a role that Lambda alone takes, as that of the handler of `Workloads`."""
    roles = principals(entry, assembly)
    trusts = [statement for role in roles for _, statement in trust(role) if statement.allows]
    names = [name for statement in trusts for _, name in statement.principals]
    return (
        len(roles) == 1
        and set(names) == {"lambda.amazonaws.com"}
        and not any(statement.unknown or statement.not_principals for statement in trusts)
    )


def _where(entry: Resource, path: str) -> str:
    """Return where a scope is too wide, empty where it is not."""
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
