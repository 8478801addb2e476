"""Policies of identities: inline, attached, and what they say."""

from collections.abc import Iterator

from hardened_eks.controls import policies
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.policies import Statement

STANDALONE = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
IDENTITY = (*STANDALONE, "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
"""Everything that carries a policy of an identity."""


def own_statements(resource: Resource) -> Iterator[tuple[str, Statement]]:
    """Yield each statement that stands in the resource itself, with its path."""
    if resource.type in STANDALONE:
        paths = ["PolicyDocument"]
    else:
        paths = [f"Policies.{index}.PolicyDocument" for index in range(len(resource.items("Policies")))]
    for path in paths:
        for statement in policies.statements(resource.get(path)):
            yield f"{path}.Statement.{statement.index}", statement


def attached_statements(role: Resource, assembly: Assembly) -> Iterator[tuple[str, Statement]]:
    """Yield the statements of a role's own policies and of those in the assembly that are attached to it."""
    yield from own_statements(role)
    for index, arn in enumerate(role.items("ManagedPolicyArns")):
        policy = assembly.target(arn, "AWS::IAM::ManagedPolicy")
        if policy is not None:
            for _, statement in own_statements(policy):
                yield f"ManagedPolicyArns.{index}", statement
    for policy in assembly.referring(role, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        attached = policy.items("Roles") or [policy.get("RoleName")]
        if role in assembly.targets(attached):
            for _, statement in own_statements(policy):
                yield "", statement


def trust(role: Resource) -> Iterator[tuple[str, Statement]]:
    """Yield the statements of a role's trust policy."""
    for statement in policies.statements(role.get("AssumeRolePolicyDocument")):
        yield f"AssumeRolePolicyDocument.Statement.{statement.index}", statement
