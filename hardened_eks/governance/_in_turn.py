"""AWS changes one policy of an organization at a time, and one conformance pack, and refuses the second.

Organizations answers ConcurrentModificationException, AWS Config ResourceInUseException.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import aws_cdk as cdk

from hardened_eks._asked import notes_of, stack_of

if TYPE_CHECKING:
    from constructs import IConstruct

T = TypeVar("T", bound=cdk.CfnResource)
POLICY: Final = "policy of an organization"
PACK: Final = "conformance pack"


def in_turn(scope: IConstruct, resource: T, kind: str) -> T:
    """Let a resource of a scope wait for the one of its kind that the stack got before it; return it."""
    notes = notes_of(stack_of(scope))
    before: cdk.CfnResource | None = notes.get(kind)
    if before is not None:
        resource.add_resource_dependency(before)
    notes[kind] = resource
    return resource
