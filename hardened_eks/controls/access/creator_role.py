from collections.abc import Iterator

from hardened_eks.controls.access._documents import attached_statements, trust
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IA-12",
    title="The role that creates clusters is CloudFormation's alone and no administrator",
    requirement="eks.auth.dedicated_creator_role",
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why="A shared admin role that creates clusters is an administrator of all of them, in many hands.",
    fix="Use a role of its own that only cloudformation.amazonaws.com may take (hardened_eks.CreatorRole).",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    blind=(
        "The execution role of the CDK bootstrap stack, which is an administrator by default, is outside the assembly."
    ),
)
def creator_role(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    names = [name for _, statement in trust(role) if statement.allows for _, name in statement.principals]
    if not any(name.startswith("cloudformation.") for name in names):
        return
    others = [name for name in names if not name.startswith("cloudformation.")]
    if others:
        yield Problem(f"others may take it as well: {', '.join(others)}", "AssumeRolePolicyDocument")
    for index, arn in enumerate(role.items("ManagedPolicyArns")):
        if str(arn).endswith(("/AdministratorAccess", "/PowerUserAccess")):
            yield Problem(f"{str(arn).rsplit('/', 1)[1]} is attached", f"ManagedPolicyArns.{index}")
    for path, statement in attached_statements(role, assembly):
        if statement.allows and "*" in statement.actions:
            yield Problem("every action is allowed", path)
