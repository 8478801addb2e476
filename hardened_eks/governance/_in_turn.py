"""The order of resources of which AWS changes only one at a time: policies of an organization, conformance packs.

Organizations refuses a second change with ConcurrentModificationException, AWS Config with ResourceInUseException.
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
    """Let a resource wait for the previous one of its kind in the stack, from any construct, and return it."""
    notes = notes_of(stack_of(scope))
    before: cdk.CfnResource | None = notes.get(kind)
    if before is not None:
        resource.add_resource_dependency(before)
    notes[kind] = resource
    return resource
