from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import IDENTITY, own_statements, required, trust, wide_statements

_ROLE = "AWS::IAM::Role"
_LETS_IN = {
    "eks:CreateAccessEntry": "eks:principalArn",
    "eks:AssociateAccessPolicy": "eks:policyArn",
    "eks:UpdateAccessEntry": "eks:kubernetesGroups",
    "eks:AssociateIdentityProviderConfig": "eks:issuerUrl",
}
"""Actions that give access to a cluster -> the condition keys that limit the principal or the rights."""
_STRONG = (
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSAdminPolicy",
    "AWSBackupFullAccessPolicyForBackup",
    "AWSBackupFullAccessPolicyForRestore",
)


@control(
    id="IA-18",
    title="Only CloudFormation can create access entries",
    requirement="iam.policy.no_risky_actions",
    types=IDENTITY,
    severity=Severity.HIGH,
    why=(
        "Anyone who can create access entries can become a cluster administrator, without a review and outside the "
        "templates."
    ),
    fix=(
        "Grant these actions only to the role that CloudFormation assumes (hardened_eks.CreatorRole), or limit them "
        "with a condition on eks:principalArn, eks:policyArn, eks:kubernetesGroups, eks:issuerUrl or aws:CalledVia."
    ),
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html",
    blind=(
        "Policies from outside the assembly. IA-01 and IA-02 cover statements that allow every action, or every EKS "
        "action. A policy that is not attached to any principal in the assembly is evaluated as if any principal "
        "could have it."
    ),
    needs="assembly",
    enforced_by="CreatorRole",
)
def access_entry_makers(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        if not statement.allows or statement.unknown or _every(statement):
            continue
        found = [action for action, key in _LETS_IN.items() if statement.does(action) and not _limited(statement, key)]
        if found and not _by_cloudformation_alone(resource, assembly):
            yield Problem(
                f"it lets its principal grant anybody access to the cluster ({', '.join(found)})",
                path,
                cause=wide_statements(resource),
            )


def _every(statement: Statement) -> bool:
    return bool(statement.not_actions) or any(action.lower() in {"*", "eks:*", "*:*"} for action in statement.actions)


def _limited(statement: Statement, key: str) -> bool:
    """Return whether a condition limits the principal or the rights, or requires a call through CloudFormation."""
    limits = [values for values in required(statement, key) if not any(set("*?") & set(value) for value in values)]
    if any(not any(value.endswith(_STRONG) for value in values) for values in limits):
        return True
    return ("cloudformation.amazonaws.com",) in required(statement, "aws:CalledVia")


def _by_cloudformation_alone(resource: Resource, assembly: Assembly) -> bool:
    """Return whether a policy is attached only to roles that only CloudFormation can assume."""
    holders = [resource] if resource.type == _ROLE else list(_holders(resource, assembly))
    return bool(holders) and all(holder.type == _ROLE and _cloudformations(holder) for holder in holders)


def _holders(policy: Resource, assembly: Assembly) -> Iterator[Resource]:
    for path in ("Roles", "RoleName", "Users", "UserName", "Groups", "GroupName"):
        for name in policy.items(path):
            yield from assembly.targets(name, near=policy) or [
                policy
            ]  # a principal that is not seen does not count as CloudFormation
    for type_ in (_ROLE, "AWS::IAM::User", "AWS::IAM::Group"):
        yield from assembly.pointing("ManagedPolicyArns", policy, type_)


def _cloudformations(role: Resource) -> bool:
    trusts = [statement for _, statement in trust(role) if statement.allows]
    names = [name for statement in trusts for _, name in statement.principals]
    return bool(names) and all(
        not statement.unknown and not statement.not_principals and name.startswith("cloudformation.")
        for statement in trusts
        for name in names
    )
