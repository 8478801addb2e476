"""Permissions boundaries: policies that grant nothing, and are recognized by what they deny.

A template does not show the purpose of a managed policy. A policy counts as a boundary if it lets nobody create an
identity without it, remove it or change it. IA-20 reports a boundary that is attached as a policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.evidence import Resource
    from hardened_eks.evidence.policies import Statement

MANAGED: Final = "AWS::IAM::ManagedPolicy"
_KEY: Final = "iam:permissionsboundary"
_DIFFERS: Final = ("stringnotlike", "stringnotequals", "arnnotlike", "arnnotequals")
_MAKES: Final = (
    "iam:CreateRole", "iam:CreateUser", "iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary",
)  # fmt: skip
_TAKES_OFF: Final = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")
_CHANGES: Final = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")


def is_boundary(policy: Resource, statements: Iterable[Statement]) -> bool:
    """Return whether a policy is a permissions boundary, and is not attached where it is created.

    Args:
        policy: a resource of any type.
        statements: all its statements.
    """
    name = policy.get("ManagedPolicyName")
    if policy.type != MANAGED or not isinstance(name, str) or any(policy.get(p) for p in ("Roles", "Users", "Groups")):
        return False
    path = policy.get("Path", "/")
    own = f":policy{path}{name}"
    denied = [statement for statement in statements if not statement.allows]
    return (
        all(any(_only_with(one, own) and one.does(action) for one in denied) for action in _MAKES)
        and all(any(_always(one) and one.does(action) for one in denied) for action in _TAKES_OFF)
        and all(any(_always(one, own) and one.does(action) for one in denied) for action in _CHANGES)
    )


def _only_with(statement: Statement, own: str) -> bool:
    """Return whether a statement denies creating identities without the policy as their boundary."""
    keys = [
        (operator, key, values) for operator, named in statement.conditions.items() for key, values in named.items()
    ]
    return "*" in statement.resources and all(
        operator in _DIFFERS and key == _KEY and bool(values) and all(value.endswith(own) for value in values)
        for operator, key, values in keys
    ) and len(keys) == 1  # fmt: skip


def _always(statement: Statement, own: str = "") -> bool:
    """Return whether a statement denies an action on every role and user, or on the policy `own`, in every request."""
    if statement.conditions:
        return False
    if own:
        return any(one == "*" or one.endswith(own) for one in statement.resources)
    every = {"role", "user"}
    ends = {one.rpartition(":")[2].removesuffix("/*") for one in statement.resources if one.endswith("/*")}
    return "*" in statement.resources or every <= ends
