"""The AWS services that the pods of an assembly may call, based on their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.evidence import policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement

_POLICY_TYPES: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


def pods_may(assembly: Assembly, action: str) -> bool:
    """Return whether a role of the assembly that pods can assume is allowed `action`."""
    statements = assembly.once("network.usage", lambda: _of_pods(assembly))
    return assembly.once(("network.usage", action), lambda: any(statement.does(action) for statement in statements))


def _of_pods(assembly: Assembly) -> list[Statement]:
    """Return the allowed actions of roles for pods, computed once for an assembly."""
    return [
        statement
        for role in assembly.of("AWS::IAM::Role")
        if _for_pods(role)
        for statement in _statements(role, assembly)
        if statement.allows and not statement.unknown
    ]


def _for_pods(role: Resource) -> bool:
    """Return whether Pod Identity or the OIDC provider of a cluster may give the role to a pod."""
    return any(
        statement.allows and (value == "pods.eks.amazonaws.com" or (kind == "Federated" and "oidc" in value.lower()))
        for statement in policies.of(role, "AssumeRolePolicyDocument")
        for kind, value in statement.principals
    )


def _statements(role: Resource, assembly: Assembly) -> Iterator[Statement]:
    for index in range(len(role.items("Policies"))):
        yield from policies.of(role, f"Policies.{index}.PolicyDocument")
    attached = list(assembly.referring(role, *_POLICY_TYPES))
    attached += assembly.targets(role.items("ManagedPolicyArns"), "AWS::IAM::ManagedPolicy", near=role)
    for policy in attached:
        yield from policies.of(policy, "PolicyDocument")
