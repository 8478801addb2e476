from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.auto_scaling import self_managed_roles
from hardened_eks.evidence.views.eks_roles import given_roles, seen
from hardened_eks.evidence.views.iam import trust

_PEOPLE = "STANDARD"
_TAKERS = {
    "EC2": "ec2.amazonaws.com",
    "EC2_LINUX": "ec2.amazonaws.com",
    "EC2_WINDOWS": "ec2.amazonaws.com",
    "FARGATE_LINUX": "eks-fargate-pods.amazonaws.com",
    "HYBRID_LINUX": "ssm.amazonaws.com",
    "HYPERPOD_LINUX": "sagemaker.amazonaws.com",
}
_GIVEN = {
    "AWS::EKS::Nodegroup": "NodeRole",
    "AWS::EKS::Cluster": "ComputeConfig.NodeRoleArn",
    "AWS::EKS::FargateProfile": "PodExecutionRoleArn",
}


@control(
    id="CP-18",
    title="Access entries of a node type are for node roles, and node roles have no other entries",
    requirement="eks.auth.access_entries",
    types=("AWS::EKS::AccessEntry",),
    severity=Severity.HIGH,
    why=(
        "The principal of an access entry of a node type is a node: it can read the secrets of the pods on it and can "
        "impersonate another node. An entry of type STANDARD for a node role gives its rights to every pod on the "
        "node."
    ),
    fix=(
        "Omit Type for people. For nodes, use a role of the same template that only the node service can assume: "
        "ec2.amazonaws.com, or for hybrid nodes ssm.amazonaws.com or IAM Roles Anywhere."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    blind="Node roles that no node group, Auto Scaling group, Auto Mode cluster, Fargate profile or access entry uses.",
    needs="assembly",
    detective="AccessEntry creates entries of type STANDARD, and the team chooses the principal.",
)
def entry_types(entry: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = entry.get("Type", _PEOPLE)
    kind = str(written).upper()
    for path, value in given_roles(entry):
        role = seen(entry, value, assembly)
        if isinstance(written, Unknown):
            yield Problem(f"the type of the entry is not known before deployment: {written}", "Type")
        elif kind == _PEOPLE:
            if role is not None and role in _node_roles(assembly):
                yield Problem(f"{role.logical_id} is a node role, so each pod on the nodes gets these rights", path)
        elif role is None:
            yield Problem(f"{value} acts as a node ({kind}), and its trust policy is not seen", path)
        else:
            others = _others(role, kind)
            if others:
                yield Problem(f"{role.logical_id} acts as a node ({kind}), and {others} may assume it", path)


def _node_roles(assembly: Assembly) -> frozenset[Resource]:
    return assembly.once("entries.node_roles", lambda: frozenset(_named_by_nodes(assembly)))


def _named_by_nodes(assembly: Assembly) -> Iterator[Resource]:
    yield from self_managed_roles(assembly)
    for type_, path in _GIVEN.items():
        for user in assembly.of(type_):
            yield from assembly.targets(user.get(path), "AWS::IAM::Role", near=user)
    for entry in assembly.of("AWS::EKS::AccessEntry"):
        if str(entry.get("Type", _PEOPLE)).upper() in _TAKERS:
            yield from assembly.targets(entry.get("PrincipalArn"), "AWS::IAM::Role", near=entry)


def _others(role: Resource, kind: str) -> str:
    """Return a principal, other than the service of its nodes, that can assume a role; empty if there is none."""
    wanted = {_TAKERS.get(kind, "")} | ({"rolesanywhere.amazonaws.com"} if kind == "HYBRID_LINUX" else set())
    for _, statement in trust(role):
        if statement.allows:
            if statement.unknown or statement.not_principals:
                return "principals not known before deployment"
            for _, name in statement.principals:
                if name.replace("${AWS::URLSuffix}", "amazonaws.com").removesuffix(".cn") not in wanted:
                    return name
    return ""
