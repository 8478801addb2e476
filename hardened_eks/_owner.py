"""The owner tag: names which stack a resource belongs to, so that a role may be limited to what its stacks created."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk

from hardened_eks._asked import inherit, path_of, stack_of

if TYPE_CHECKING:
    from constructs import Construct

KEY: Final = "hardened-eks:owner"
"""Key of the tag; its value is the name of the stack. `CreatorRole` compares it with its prefix.

The tags that CloudFormation writes by itself do not reach KMS keys, IAM roles and SQS queues (``tagging`` in their
schemas: ``cloudFormationSystemTags`` is false), and no policy can ask for them at creation.
"""
_DIGITS: Final = 6


@cache
def stack_name() -> str:
    """The name of the stack, at deployment; that of a nested stack begins with its parent's."""
    return cdk.Aws.STACK_NAME


def in_stack(scope: Construct) -> str:
    """Return a name that begins with the stack's, for types whose generated names do not.

    `CreatorRole` reports what is its own by that. The end tells apart what has the same id in a stack.
    """
    return at(path_of(scope))


def at(path: str) -> str:
    """Return the name of `in_stack` for the construct at a path; to ask for a path takes two calls into Node."""
    path = path.partition("/")[2]
    return f"{stack_name()}-{path.rpartition('/')[2]}-{hashlib.sha256(path.encode()).hexdigest()[:_DIGITS]}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a construct is, asked for once: each answer is a call into Node."""

    stack: str
    """Name of the stack, of the outermost one for a nested stack."""
    nested: bool
    path: str
    """Path of the construct in the tree."""

    @classmethod
    def of(cls, scope: Construct) -> Place:
        """Ask for the place of a construct."""
        stack, nested = stack_of(scope), False
        while (outer := stack.nested_stack_parent) is not None:
            stack, nested = outer, True
        return cls(stack.stack_name, nested, path_of(scope))

    def below(self, *ids: str) -> Place:
        """Return the place of a child, or of a child's child."""
        return replace(self, path="/".join((self.path, *ids)))

    def name(self, most: int) -> str:
        """Return the name of `in_stack`, shortened where the name of the stack leaves no room.

        Args:
            most: the characters that the type of resource takes.
        """
        whole = at(self.path)
        end = whole.removeprefix(stack_name())
        if not self.nested and len(self.stack) + len(end) <= most:
            return whole
        # CloudFormation, too, shortens the stack's name in the names that it makes up; the digits keep them apart.
        short = self.stack[: most - len(end) - _DIGITS - 1]
        return f"{short}-{hashlib.sha256(self.stack.encode()).hexdigest()[:_DIGITS]}{end}"


def tag(construct: Construct, scope: Construct) -> None:
    """Tag everything that `construct` creates; a construct of ours has the tag from its own scope."""
    inherit(construct, scope)
    if not type(scope).__module__.startswith("hardened_eks."):
        cdk.Tags.of(construct).add(KEY, stack_name())
