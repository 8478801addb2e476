"""AWS changes one policy of an organization at a time, and one conformance pack, and refuses the second.

Organizations answers ConcurrentModificationException, AWS Config ResourceInUseException.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakKeyDictionary

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import IConstruct

T = TypeVar("T", bound=cdk.CfnResource)
POLICY: Final = "policy of an organization"
PACK: Final = "conformance pack"
_last: WeakKeyDictionary[IConstruct, dict[str, cdk.CfnResource]] = WeakKeyDictionary()
"""Stack -> kind -> the resource that was created last."""


def in_turn(resource: T, kind: str) -> T:
    """Let a resource wait for the one of its kind that its stack got before it, from any construct; return it."""
    stack = cdk.Stack.of(resource)
    of_stack = _last.setdefault(stack, {})
    before = of_stack.get(kind)
    if before is not None:
        resource.add_resource_dependency(before)
    of_stack[kind] = resource
    return resource
