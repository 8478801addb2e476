import fnmatch
from collections.abc import Iterator

from hardened_eks.controls._unseen import value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.eks_roles import ROLE, is_local, seen
from hardened_eks.evidence.views.iam import trust

_TAGGING = ("sts:AssumeRole", "sts:TagSession")
_ACTIONS = {"pods.eks": _TAGGING, "capabilities.eks": _TAGGING}
_USERS = {
    "AWS::EKS::Cluster": {"RoleArn": "eks", "ComputeConfig.NodeRoleArn": "ec2"},
    "AWS::EKS::Nodegroup": {"NodeRole": "ec2"},
    "AWS::EKS::FargateProfile": {"PodExecutionRoleArn": "eks-fargate-pods"},
    "AWS::EKS::PodIdentityAssociation": {"RoleArn": "pods.eks"},
    "AWS::EKS::Addon": {"PodIdentityAssociations": "pods.eks"},
    "AWS::EKS::Capability": {"RoleArn": "capabilities.eks"},
    "AWS::EC2::FlowLog": {"DeliverLogsPermissionArn": "vpc-flow-logs"},
    "AWS::CloudTrail::Trail": {"CloudWatchLogsRoleArn": "cloudtrail"},
    "AWS::IAM::InstanceProfile": {"Roles": "ec2"},
}
"""Type -> property with a role -> the service that assumes the role, without ``.amazonaws.com``."""


@control(
    id="DP-40",
    title="Roles trust the services that use them",
    types=tuple(_USERS),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS returns InvalidParameterException ("could not be assumed because it does not exist or the trusted entity '
        'is not correct"). Pods, nodes and flow logs whose role does not trust their service get no credentials.'
    ),
    fix="Allow the service sts:AssumeRole in the trust policy; Pod Identity and capabilities also need sts:TagSession.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html",
    blind="Conditions of the trust policy.",
    enforced_by="Cluster",
)
def roles_trust_their_users(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, service in _USERS[resource.type].items():
        for place, value in resource.each(path):
            inside = isinstance(value, dict)  # a list of associations, each with its role
            given = value.get("RoleArn") if inside else value
            where = f"{place}.RoleArn" if inside else place
            role = seen(resource, given, assembly)
            if role is None:
                yield from value_not_seen(resource, assembly, where, given, ROLE)
            elif problem := _problem(role, "ec2" if path == "RoleArn" and is_local(resource) else service):
                yield Problem(problem, where)


def _problem(role: Resource, service: str) -> str:
    ours = [s for _, s in trust(role) if s.allows and (s.unknown or s.anybody or _names(s, service))]
    if not ours:
        return f"the role {role.logical_id} does not trust {service}.amazonaws.com"
    missing = [a for a in _ACTIONS.get(service, ("sts:AssumeRole",)) if not any(s.does(a) for s in ours)]
    return f"the role {role.logical_id} does not allow {service}.amazonaws.com {', '.join(missing)}" if missing else ""


def _names(statement: Statement, service: str) -> bool:
    """Return whether a principal is, or may be, the service, in any partition."""
    hosts = (f"{service}.amazonaws.com", f"{service}.amazonaws.com.cn")
    return any(
        _matches(host, LATER.sub("*", name))
        for kind, name in statement.principals
        for host in hosts
        if kind == "Service" or LATER.fullmatch(name)
    )


def _matches(host: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(host, pattern) if any(char in pattern for char in "*?[") else host == pattern
