"""What Node answers about a construct and never changes, asked for once: each question is a request.

Answers are kept on the Python object of the construct, so that they live as long as it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import aws_cdk as cdk
from constructs import Construct

from hardened_eks._tokens import is_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_cdk import aws_kms as kms
    from constructs import IConstruct, Node

T = TypeVar("T")
_NOTES: Final = "_hardened_eks_notes"
_STACK: Final = "stack"
_PATH: Final = "path"


def notes_of(construct: IConstruct) -> dict[str, Any]:
    """Return what is kept about a construct, by name."""
    notes: dict[str, Any] = vars(construct).setdefault(_NOTES, {})
    return notes


def stack_of(construct: IConstruct) -> cdk.Stack:
    """Return the stack that a construct is in; a stack is in itself."""
    return construct if isinstance(construct, cdk.Stack) else _once(construct, _STACK, cdk.Stack.of)


def region_of(construct: IConstruct) -> str:
    """Return the Region of the construct's stack, or what stands for it until deployment."""
    return _once(stack_of(construct), "region", lambda stack: str(stack.region))


def account_of(construct: IConstruct) -> str:
    """Return the account of the construct's stack, or what stands for it until deployment."""
    return _once(stack_of(construct), "account", lambda stack: str(stack.account))


def place_problems(scope: IConstruct, **given: object) -> Iterator[str]:
    """Yield which arguments, by name, are in another account or Region than `scope`, as far as both are known.

    EKS uses only subnets, security groups and keys of the cluster's account and Region, and its parts are in them too.
    """
    for argument, construct in given.items():
        if not isinstance(construct, Construct) or not _is_ours(construct):
            continue  # something else, which the check of its kind reports
        if stack_of(construct) is stack_of(scope):
            continue
        for what, ask in (("account", account_of), ("Region", region_of)):
            here, there = ask(scope), ask(construct)
            if is_literal(here) and is_literal(there) and here != there:
                yield (
                    f"{argument} is in the {what} {there}, and this stack in {here}: create both in stacks of one "
                    f"{what}"
                )


def _is_ours(construct: Construct) -> bool:
    return any(one.__module__.startswith("hardened_eks.") for one in type(construct).__mro__)


def node_of(construct: IConstruct) -> Node:
    """Return the node of a construct."""
    node: Node = _once(construct, "node", lambda one: one.node)
    return node


def path_of(construct: IConstruct) -> str:
    """Return the path of a construct in the tree."""
    return _once(construct, _PATH, lambda one: str(node_of(one).path))


def keep_path(construct: IConstruct, scope: IConstruct, id: str) -> None:
    """Keep the path of a new construct, derived from the path of its scope, whose node is often known already."""
    notes_of(construct)[_PATH] = f"{path_of(scope)}/{id.replace('/', '--')}"


def key_arn_of(key: kms.IKey) -> str:
    """Return the ARN of a key."""
    return _once(key, "key_arn", lambda one: str(one.key_arn))


def inherit(construct: IConstruct, scope: IConstruct) -> None:
    """Keep for a new construct what is known of its scope: they are in one stack."""
    known = scope if isinstance(scope, cdk.Stack) else notes_of(scope).get(_STACK)
    if known is not None:
        notes_of(construct)[_STACK] = known


def _once(construct: Any, question: str, ask: Callable[[Any], T]) -> T:
    answers = notes_of(construct)
    if question not in answers:
        answers[question] = ask(construct)
    return cast("T", answers[question])
