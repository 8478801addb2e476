"""What is wrong with the arguments of a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._principals import arn_problems
from hardened_eks.response._action import Action
from hardened_eks.response._approval import Approval

if TYPE_CHECKING:
    from collections.abc import Iterator


def action_problems(actions: object, region: str) -> Iterator[str]:
    """Say what is wrong with the actions."""
    offered = "response.CloseEndpoint() or another of hardened_eks.response"
    if not isinstance(actions, list | tuple) or not actions:
        yield f"actions needs a list of one action or more, such as {offered}, got {actions!r}"
        return
    names: list[str] = []
    for action in actions:
        if not isinstance(action, Action):
            yield f"actions needs {offered}, got {action!r}"
            continue
        if action.name in names:
            yield f"actions has {type(action).__name__} twice: give one with all its settings"
        names.append(action.name)
        yield from action.problems(region)


def approval_problems(approval: object, region: str) -> Iterator[str]:
    """Say what is wrong with the approval."""
    if approval is not None and not isinstance(approval, Approval):
        yield f"approval needs response.Approval(approvers=[...]) or None, got {approval!r}"
    elif approval is not None:
        yield from approval.problems(region)


def automation_problems(trusted: object, region: str) -> Iterator[str]:
    """Say what is wrong with the roles that are trusted."""
    if not isinstance(trusted, list | tuple):
        yield f"trusted_automation needs a list of ARNs of roles, got {trusted!r}"
        return
    for arn in trusted:
        yield from arn_problems("trusted_automation", arn, region=region)
