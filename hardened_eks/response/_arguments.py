"""Checks of the arguments of a response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._asked import place_problems
from hardened_eks._kinds import cluster_problems
from hardened_eks._principals import arn_problems
from hardened_eks._tokens import is_literal
from hardened_eks.response._action import Action
from hardened_eks.response._approval import Approval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct


def given_cluster_problems(cluster: Any, scope: Construct) -> Iterator[str]:
    """Yield why a response cannot act on a cluster, whose name is in policies and event patterns."""
    problems = list(cluster_problems(cluster, "network"))
    yield from problems
    if problems:
        return
    if not is_literal(cluster.name):
        yield f"cluster needs a name that is known during synthesis, got {cluster.name!r}: pass the name as a string"
    yield from place_problems(scope, cluster=cluster)


def action_problems(actions: object, region: str) -> Iterator[str]:
    """Yield the mistakes in the actions."""
    offered = "response.CloseEndpoint() or another of hardened_eks.response"
    if not isinstance(actions, list | tuple) or not actions:
        yield f"actions needs a list of at least one action, such as {offered}, got {actions!r}"
        return
    names: list[str] = []
    for action in actions:
        if not isinstance(action, Action):
            yield f"actions needs {offered}, got {action!r}"
            continue
        if action.name in names:
            yield f"actions has {type(action).__name__} twice: pass one with all its settings"
        names.append(action.name)
        yield from action.problems(region)


def approval_problems(approval: object, region: str) -> Iterator[str]:
    """Yield the mistakes in the approval."""
    if approval is not None and not isinstance(approval, Approval):
        yield f"approval needs response.Approval(approvers=[...]) or None, got {approval!r}"
    elif approval is not None:
        yield from approval.problems(region)


def automation_problems(trusted: object, region: str) -> Iterator[str]:
    """Yield the mistakes in the trusted roles."""
    if not isinstance(trusted, list | tuple):
        yield f"trusted_automation needs a list of ARNs of roles, got {trusted!r}"
        return
    for arn in trusted:
        yield from arn_problems("trusted_automation", arn, region=region)
