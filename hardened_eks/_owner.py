"""The owner tag, with the stack of a resource, so that a role can be limited to the resources of its stacks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk

from hardened_eks._asked import inherit, path_of, stack_of
from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from constructs import Construct

KEY: Final = "hardened-eks:owner"
"""Key of the tag. Its value is the name of the stack, which `CreatorRole` compares with its prefix.

CloudFormation's own tags are not set on KMS keys, IAM roles and SQS queues (``tagging`` in their schemas:
``cloudFormationSystemTags`` is false), and no policy can require them at creation.
"""
_DIGITS: Final = 6


@cache
def stack_name() -> str:
    """Return the token of the stack's name. The name of a nested stack begins with its parent's."""
    return cdk.Aws.STACK_NAME


def in_stack(scope: Construct) -> str:
    """Return a name that begins with the stack's, for types whose generated names do not.

    `CreatorRole` identifies the resources of its stacks by it. The end distinguishes resources with the same ID.
    """
    return at(path_of(scope))


def at(path: str) -> str:
    """Return the name of `in_stack` for the construct at a path. Reading a path takes two calls into Node."""
    path = path.partition("/")[2]
    return f"{stack_name()}-{path.rpartition('/')[2]}-{_digits(path)}"


@dataclass(frozen=True, slots=True)
class Place:
    """Stack and path of a construct, read once, because each read is a call into Node."""

    stack: str
    """Name of the stack; for a nested stack, of the outermost one."""
    nested: bool
    path: str
    """Path of the construct in the tree."""

    @classmethod
    def of(cls, scope: Construct) -> Place:
        """Read the place of a construct."""
        stack, nested = stack_of(scope), False
        while (outer := stack.nested_stack_parent) is not None:
            stack, nested = outer, True
        return cls(stack.stack_name, nested, path_of(scope))

    def below(self, *ids: str) -> Place:
        """Return the place of a child, or of a child's child."""
        return replace(self, path="/".join((self.path, *ids)))

    def name(self, most: int) -> str:
        """Return the name of `in_stack`, with a shortened stack name if it would be too long.

        Args:
            most: maximum characters of the resource type's names.
        """
        whole = at(self.path)
        end = whole.removeprefix(stack_name())
        if not self.nested and len(self.stack) + len(end) <= most:
            return whole
        # CloudFormation also shortens the stack's name in generated names. The digits distinguish them.
        short = self.stack[: most - len(end) - _DIGITS - 1]
        return f"{short}-{_digits(self.stack)}{end}"


def tag(construct: Construct, scope: Construct) -> None:
    """Tag everything that `construct` creates. A construct inside one of ours inherits the tag."""
    inherit(construct, scope)
    if not type(scope).__module__.startswith("hardened_eks."):
        cdk.Tags.of(construct).add(KEY, stack_name())


def _digits(text: str) -> str:
    from hashlib import sha256  # OpenSSL needs 3 ms to load, and few apps use it

    return sha256(text.encode()).hexdigest()[:_DIGITS]
