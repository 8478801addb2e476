from collections.abc import Iterator

from hardened_eks.controls._unseen import policies_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.iam import (
    attached_statements,
    every_action,
    managed_policies,
    trust,
)

_ADMIN = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


@control(
    id="IA-12",
    title="Only CloudFormation can assume the role that creates clusters, and the role is not an administrator",
    requirement="eks.auth.dedicated_creator_role",
    types=("AWS::IAM::Role",),
    needs="assembly",
    severity=Severity.HIGH,
    why="A shared administrator role that creates clusters makes many people administrators of all of them.",
    fix="Use a dedicated role that only cloudformation.amazonaws.com can assume (hardened_eks.CreatorRole).",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    blind=(
        "Anyone who creates clusters without CloudFormation. Roles outside the assembly: the execution role of the "
        "CDK bootstrap stack is an administrator by default. Permissions that amount to administrator rights "
        "indirectly, such as iam:PassRole (see IA-04 and IA-09). Permissions that a permissions boundary or a service "
        "control policy takes away."
    ),
    enforced_by="CreatorRole",
)
def creator_role(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    trusts = [statement for _, statement in trust(role) if statement.allows]
    names = [name for statement in trusts for _, name in statement.principals]
    if not any(name.startswith("cloudformation.") for name in names):
        return
    others = [name for name in names if not name.startswith("cloudformation.")]
    if others or any(statement.unknown for statement in trusts):
        yield Problem(
            f"other principals may assume it as well: {', '.join(others) or 'they are not known before deployment'}",
            "AssumeRolePolicyDocument",
        )
    yield from policies_not_seen(role, assembly)
    for path, arn in managed_policies(role):
        name = str(arn).rsplit("/", 1)[-1]
        if ":aws:policy/" in str(arn) and name in _ADMIN:
            yield Problem(f"{name} is attached", path)
    for path, policy, statement in attached_statements(role, assembly):
        if statement.allows and statement.unknown:
            yield Problem(f"{policy} is not known before deployment", path)
        elif statement.allows and (every_action(statement) or statement.not_actions):
            yield Problem(f"{policy} allows every action, or all but a list", path)
