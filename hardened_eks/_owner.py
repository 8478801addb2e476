"""The owner tag: says which stack a resource belongs to, so that a role may be limited to what its stacks created."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Construct

KEY: Final = "hardened-eks:owner"
"""Key of the tag; its value is the name of the stack. `CreatorRole` compares it with its prefix.

The tags that CloudFormation writes by itself do not reach KMS keys, IAM roles and SQS queues (``tagging`` in their
schemas: ``cloudFormationSystemTags`` is false), and no policy can ask for them at creation.
"""


@cache
def stack_name() -> str:
    """The name of the stack, at deployment; that of a nested stack begins with its parent's."""
    return cdk.Aws.STACK_NAME


def in_stack(scope: Construct) -> str:
    """Return a name that begins with the stack's, for types whose generated names do not.

    `CreatorRole` tells what is its own by that. The end tells apart what has the same id in a stack.
    """
    path = scope.node.path.partition("/")[2]
    return f"{stack_name()}-{path.rpartition('/')[2]}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"


def tag(construct: Construct, scope: Construct) -> None:
    """Tag everything that `construct` creates; a construct of ours has the tag from its own scope."""
    if not type(scope).__module__.startswith("hardened_eks."):
        cdk.Tags.of(construct).add(KEY, stack_name())
